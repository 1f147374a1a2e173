"""The desk's memory: what was asked and answered, what readers thought of it, and what went on to a person.

Surfaces open it with ``store.open_conversations`` and use one object, ``store.Conversations``, for everything.
"""
