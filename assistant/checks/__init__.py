"""What a model's statement must pass before it is shown.

1. Every label was given to the model; unknown ones vanish, and a statement left with none is dropped.
2. It carries no address: nothing in an answer shall lead anywhere but to our own sources.
3. Every figure, date, place, organisation and name in it stands in the sentences it is shown with, a date as a whole.
4. It neither denies what they say nor turns it round (more for less, before for after, first for last).
5. They support it, by similarity.
That its quote stands in the document letter for letter is checked where citations are made (``assistant.citing``).
"""
