"""What changed between two versions of a document, statement by statement. Pure; ``differences`` is the entry."""
