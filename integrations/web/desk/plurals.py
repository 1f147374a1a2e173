"""Texts that go with a number. One text holds its forms, as in ``[one] {count} source. [other] {count} sources.``, by
the plural categories of the Unicode locale data; the script of the page reads the same texts."""

import re

_FORM = re.compile(r"\[(zero|one|two|few|many|other)\]\s*")


def form_for(text: str, language: str, count: int) -> str:
    """The form of ``text`` for so many, its ``other`` where the text has no such form."""
    parts = _FORM.split(text)
    forms = {category: words.strip() for category, words in zip(parts[1::2], parts[2::2], strict=True)}
    return forms.get(category_of(language, count), forms["other"])


def category_of(language: str, count: int) -> str:
    """The plural category of a whole number that is not negative."""
    ones, tens = count % 10, count % 100
    match language:
        case "sr" | "sr-Latn":
            if ones == 1 and tens != 11:
                return "one"
            return "few" if ones in (2, 3, 4) and tens not in (12, 13, 14) else "other"
        case "mk":
            return "one" if ones == 1 and tens != 11 else "other"
        case "ar":
            if count < 3:
                return ("zero", "one", "two")[count]
            if 3 <= tens <= 10:
                return "few"
            return "many" if tens >= 11 else "other"
        case "bn":
            return "one" if count in (0, 1) else "other"
    return "one" if count == 1 else "other"
