"""Answers that are kept, as pages that need no script: a conversation, the history, what somebody shared."""
