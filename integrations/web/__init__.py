"""The HTTP API and the page. Everyone who asks over HTTP is a public reader until accounts exist."""
