"""Prompt templates, one job each, and the loader that checks and hashes them. Imports nothing of ours."""
