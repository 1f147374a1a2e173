"""The Slack desk: staff get a checked answer where they work."""
