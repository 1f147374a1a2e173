"""Keeping a knowledge base whole: ``backup`` and ``restore`` with the ``archive`` between them, and ``consistency``,
which compares what is stored in several places."""
