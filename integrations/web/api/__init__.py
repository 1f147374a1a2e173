"""The address ``/api/v1``: questions, answers and documents as JSON, and what the desk keeps of a reader."""
