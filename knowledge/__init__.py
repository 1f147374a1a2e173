"""What the desk knows: documents read, cut into passages, kept, indexed and searched.

Imports nothing of ours. The path of the data: readers → chunking → ingest (catalogue, lexicon, store) → search.
"""
