"""The library as pages: the index of topics, and each document with the place that was quoted."""
