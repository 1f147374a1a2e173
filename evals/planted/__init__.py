"""Are the checks on a model's statements any good? True statements that people wrote, the same made wrong in one thing,
and what became of both: see ``measuring``."""
