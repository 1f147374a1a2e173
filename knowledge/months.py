"""The names of months in our languages. Pure."""

from functools import lru_cache

from knowledge.spelling import fold

# January to December. Latin and Cyrillic names are folded (see ``spelling``); a name with a star may take an ending
# (qershorit, septembra), the others are whole. Names in other scripts stand as they are: in Bengali and Nepali they may
# take an ending, in Arabic a particle before them.
_MONTHS = (
    "january januar* januari sijecanj sijecnj* janar* জানুয়ারি जनवरी جنوری يناير",
    "february februar* fevruari veljaca veljac* shkurt* ফেব্রুয়ারি फेब्रुअरी فروری فبراير شباط",
    "march mart marta martu ozujak ozujk* mars marsit marsi মার্চ मार्च مارچ مارس آذار",
    "april april* travanj travnj* prill* এপ্রিল अप्रिल اپریل أبريل إبريل نيسان",
    "may maj maja maju majit maji svibanj svibnj* মে मे مئی مايو أيار",
    "june jun juna junu juni lipanj lipnj* qershor* জুন जुन जून جون يونيو حزيران",
    "july jul jula julu juli srpanj srpnj* korrik* জুলাই जुलाई جولائی يوليو تموز",
    "august august* avgust* kolovoz* gusht* আগস্ট अगस्ट اگست أغسطس آب",
    "september septembar septembr* septemvri rujan rujn* shtator* সেপ্টেম্বর सेप्टेम्बर ستمبر سبتمبر أيلول",
    "october oktober oktobar oktobr* oktomvri listopad* tetor* অক্টোবর अक्टोबर اکتوبر أكتوبر",
    "november novembar novembr* noemvri studeni* nentor* নভেম্বর नोभेम्बर نومبر نوفمبر",
    "december decembar decembr* dekemvri dezember prosinac prosinc* dhjetor* ডিসেম্বর डिसेम्बर دسمبر ديسمبر",
)
# Where two words name a month: the first of two Kanuns, the second of two Tishrins.
_IN_TWO_WORDS = {"کانون": (12, 1), "تشرین": (10, 11)}
_ORDINALS = ("الاول", "الثانی")
_ENDING = 3
# In Nepali and Bengali what other languages say before a month is written behind it: जनवरीदेखि.
_POSTPOSITION = 7
# Names too short to be told by their beginning, with what may stand behind them: জুনের, मेमा.
_BEHIND_SHORT = {
    "bengali": "ে এ ের র তে েও েই কে থেকে পর্যন্ত মাস মাসে মাসের".split(),
    "devanagari": "मा को का की ले देखि सम्म बाट तिर भित्र अघि पछि पछिको महिना महिनामा महिनाको".split(),
}
# Arabic writes "and", "in" and "to" on the word itself.
_BEFORE = ("و", "ف", "ب", "ل", "وب", "ول", "فب", "فل")
# What Arabic and Urdu keyboards give for one letter.
_LETTERS = str.maketrans("أإيىك", "اایی\u06a9")


def _tables() -> tuple[dict[str, int], list[tuple[str, int]]]:
    whole: dict[str, int] = {}
    with_ending: list[tuple[str, int]] = []
    for number, line in enumerate(_MONTHS, start=1):
        for name in line.split():
            stem = name.removesuffix("*").translate(_LETTERS)
            whole[stem] = number
            script = _script_of(stem)
            if script == "arabic":
                whole.update((before + stem, number) for before in _BEFORE)
            elif name.endswith("*") or (not stem.isascii() and len(stem) > 3):
                with_ending.append((stem, number))
            else:
                whole.update((stem + behind, number) for behind in _BEHIND_SHORT.get(script, ()))
    return whole, with_ending


def _script_of(word: str) -> str:
    first = word[0]
    if "\u0600" <= first <= "\u06ff":
        return "arabic"
    if "\u0980" <= first <= "\u09ff":
        return "bengali"
    return "devanagari" if "\u0900" <= first <= "\u097f" else "latin"


_WHOLE, _WITH_ENDING = _tables()


@lru_cache(maxsize=16384)
def month_of(word: str) -> int | None:
    """The month (1 to 12) that the word names, as it is written."""
    folded = fold(word)
    # Folding brings Cyrillic to Latin, and would also make the Bengali May the Albanian word for "with".
    written = folded if _is_latin_or_cyrillic(word) else word.translate(_LETTERS)
    if written in _WHOLE:
        return _WHOLE[written]
    for stem, number in _WITH_ENDING:
        if written.startswith(stem) and len(written) - len(stem) <= (_ENDING if stem.isascii() else _POSTPOSITION):
            return number
    return None


def month_of_two(first: str, second: str) -> int | None:
    """The month that two words name together in Arabic: كانون الأول is December."""
    word, ordinal = first.translate(_LETTERS), second.translate(_LETTERS)
    for name, months in _IN_TWO_WORDS.items():
        if word.endswith(name) and word.removesuffix(name) in ("", *_BEFORE):
            return months[_ORDINALS.index(ordinal)] if ordinal in _ORDINALS else None
    return None


def _is_latin_or_cyrillic(word: str) -> bool:
    return all(character < "\u0530" or "\u1e00" <= character <= "\u1eff" for character in word)
