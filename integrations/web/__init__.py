"""The desk on the web: the page and its API, the library, how people come in, and what operators see."""
