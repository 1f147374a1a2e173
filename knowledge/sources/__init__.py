"""Pages that change: a list of addresses, fetched politely and safely, and kept in step with the knowledge base.

``addresses`` decides what may be asked for, ``connecting`` and ``fetching`` ask for it, ``robots`` and ``manners`` say
when, ``registry`` is what an operator listed, ``state`` what was seen last, ``refresh`` puts them together.
"""
