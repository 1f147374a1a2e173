"""The names of months in our languages. Pure."""

from functools import lru_cache

from knowledge.spelling import fold

# January to December. Latin and Cyrillic names are folded (see ``spelling``); a name with a star may take an ending
# (qershorit, septembra), the others are whole. Names in other scripts stand as they are and may take an ending.
_MONTHS = (
    "january januar* januari sijecanj sijecnj* janar* জানুয়ারি जनवरी جنوری يناير",
    "february februar* fevruari veljaca veljac* shkurt* ফেব্রুয়ারি फेब्रुअरी فروری فبراير",
    "march mart marta martu ozujak ozujk* mars marsit marsi মার্চ मार्च مارچ مارس",
    "april april* travanj travnj* prill* এপ্রিল अप्रिल اپریل أبريل",
    "may maj maja maju majit maji svibanj svibnj* মে मे مئی مايو",
    "june jun juna junu juni lipanj lipnj* qershor* জুন जुन جون يونيو",
    "july jul jula julu juli srpanj srpnj* korrik* জুলাই जुलाई جولائی يوليو",
    "august august* avgust* kolovoz* gusht* আগস্ট अगस्ट اگست أغسطس",
    "september septembar septembr* septemvri rujan rujn* shtator* সেপ্টেম্বর सेप्टेम्बर ستمبر سبتمبر",
    "october oktober oktobar oktobr* oktomvri listopad* tetor* অক্টোবর अक्टोबर اکتوبر أكتوبر",
    "november novembar novembr* noemvri studeni* nentor* নভেম্বর नोभेम्बर نومبر نوفمبر",
    "december decembar decembr* dekemvri dezember prosinac prosinc* dhjetor* ডিসেম্বর डिसेम्बर دسمبر ديسمبر",
)
_ENDING = 3
# In Nepali and Bengali what other languages say before a month is written behind it: जनवरीदेखि.
_POSTPOSITION = 7


def _tables() -> tuple[dict[str, int], list[tuple[str, int]]]:
    whole: dict[str, int] = {}
    with_ending: list[tuple[str, int]] = []
    for number, line in enumerate(_MONTHS, start=1):
        for name in line.split():
            stem = name.removesuffix("*")
            whole[stem] = number
            if name.endswith("*") or (not stem.isascii() and len(stem) > 3):
                with_ending.append((stem, number))
    return whole, with_ending


_WHOLE, _WITH_ENDING = _tables()


@lru_cache(maxsize=16384)
def month_of(word: str) -> int | None:
    """The month (1 to 12) that the word names, as it is written."""
    folded = fold(word)
    # Folding brings Cyrillic to Latin, and would also make the Bengali May the Albanian word for "with".
    written = folded if _is_latin_or_cyrillic(word) else word
    if written in _WHOLE:
        return _WHOLE[written]
    for stem, number in _WITH_ENDING:
        if written.startswith(stem) and len(written) - len(stem) <= (_ENDING if stem.isascii() else _POSTPOSITION):
            return number
    return None


def _is_latin_or_cyrillic(word: str) -> bool:
    return all(character < "\u0530" or "\u1e00" <= character <= "\u1eff" for character in word)
