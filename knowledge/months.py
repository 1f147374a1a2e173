"""The names of months in our languages. Pure."""

from functools import lru_cache

from knowledge.spelling import fold

# The beginnings of month names, January to December: English, Serbian/Bosnian/Croatian, Macedonian, Albanian, and whole
# names where scripts do not inflect them. Folded (see ``fold``).
_MONTHS: tuple[tuple[str, ...], ...] = (
    ("january", "januar", "sijecanj", "sijecnj", "janar", "জানুয়ারি", "जनवरी", "جنوری", "يناير"),
    ("february", "februar", "fevruari", "veljac", "shkurt", "ফেব্রুয়ারি", "फेब्रुअरी", "فروری", "فبراير"),
    ("march", "mart", "marta", "ozujak", "ozujk", "mars", "marsit", "মার্চ", "मार्च", "مارچ", "مارس"),
    ("april", "travanj", "travnj", "prill", "এপ্রিল", "अप्रिल", "اپریل", "أبريل"),
    ("may", "maj", "maja", "majit", "svibanj", "svibnj", "মে", "मे", "مئی", "مايو"),
    ("june", "jun", "juna", "juni", "lipanj", "lipnj", "qershor", "জুন", "जुन", "جون", "يونيو"),
    ("july", "jul", "jula", "juli", "srpanj", "srpnj", "korrik", "জুলাই", "जुलाई", "جولائی", "يوليو"),
    ("august", "avgust", "kolovoz", "gusht", "আগস্ট", "अगस्ट", "اگست", "أغسطس"),
    (
        "september",
        "septembar",
        "septembr",
        "rujan",
        "rujn",
        "shtator",
        "সেপ্টেম্বর",
        "सेप्टेम्बर",
        "ستمبر",
        "سبتمبر",
    ),
    ("october", "oktobar", "oktobr", "oktomvri", "listopad", "tetor", "অক্টোবর", "अक्टोबर", "اکتوبر", "أكتوبر"),
    (
        "november",
        "novembar",
        "novembr",
        "noemvri",
        "studeni",
        "nentor",
        "নভেম্বর",
        "नोभेम्बर",
        "نومبر",
        "نوفمبر",
    ),
    (
        "december",
        "decembar",
        "decembr",
        "dekemvri",
        "prosinac",
        "prosinc",
        "dhjetor",
        "ডিসেম্বর",
        "डिसेम्बर",
        "دسمبر",
        "ديسمبر",
    ),
)


@lru_cache(maxsize=16384)
def month_of(word: str) -> int | None:
    """A month's name with at most three letters of an ending (qershorit, Juniot); the shortest only whole."""
    for number, stems in enumerate(_MONTHS, start=1):
        for stem in map(fold, stems):
            if word == stem or (len(stem) > 4 and word.startswith(stem) and len(word) - len(stem) <= 3):
                return number
    return None
