"""A scored run as files people and build servers open: one page that needs nothing else, and JUnit."""
