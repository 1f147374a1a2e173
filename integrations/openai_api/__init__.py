"""The desk as a model for clients of OpenAI's chat API: ``/v1/chat/completions`` and ``/v1/models``.

One question is answered by the same stream as everywhere. What the protocol has no field for (outcome, citations with
their places, notices) stands in an extension field of each answer, ``migration_desk``.
"""
