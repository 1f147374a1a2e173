"""The surfaces: command line, HTTP and web page. Nobody imports this package."""
