"""Who may ask: delegations, the people and programs that were let in, and what they prove it with.

Surfaces open it with ``store.open_accounts`` and use one object, ``store.Accounts``, for everything.
"""
