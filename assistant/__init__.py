"""From a question to a checked, cited answer. Imports ``prompts`` and ``knowledge``; nothing here knows a surface."""
