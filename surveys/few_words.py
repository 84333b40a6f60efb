"""The few fixed words that stand inside a question, in every language that a survey may be written in.

Everything else that is fixed is in `translations/`; these are the answers themselves, and an answer in another
language than its question is no answer.
"""

_ANSWERS = {
    "nl": ("ja", "nee", "weet niet", "meer", "gelijk", "minder"),
    "en": ("yes", "no", "uncertain", "more", "the same", "less"),
    "de": ("ja", "nein", "unsicher", "mehr", "gleich", "weniger"),
    "fr": ("oui", "non", "incertain", "plus", "pareil", "moins"),
    "es": ("sí", "no", "no lo sé", "más", "igual", "menos"),
    "it": ("sì", "no", "non so", "più", "uguale", "meno"),
    "pt": ("sim", "não", "não sei", "mais", "igual", "menos"),
    "pl": ("tak", "nie", "nie wiem", "więcej", "tyle samo", "mniej"),
    "ro": ("da", "nu", "nu știu", "mai mult", "la fel", "mai puțin"),
    "bg": ("да", "не", "не знам", "повече", "същото", "по-малко"),
    "uk": ("так", "ні", "не знаю", "більше", "однаково", "менше"),
    "ru": ("да", "нет", "не знаю", "больше", "так же", "меньше"),
    "tr": ("evet", "hayır", "emin değilim", "daha fazla", "aynı", "daha az"),
    "ar": ("نعم", "لا", "لست متأكدًا", "أكثر", "كما هو", "أقل"),
    "fa": ("بله", "خیر", "مطمئن نیستم", "بیشتر", "همان‌قدر", "کمتر"),
    "zh": ("是", "否", "不确定", "更多", "一样", "更少"),
}
_NAMES = ("yes", "no", "uncertain", "more", "same", "less")


def few_words(name: str) -> dict[str, str]:
    """language → one of: yes, no, uncertain, more, same, less"""
    place = _NAMES.index(name)
    return {code: said[place] for code, said in _ANSWERS.items()}
