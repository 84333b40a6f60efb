"""What staff call each kind of question, and what a new one says."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l


def kind_words() -> dict[str, str]:
    """What staff call each kind of question."""
    return {
        "csat": _("satisfaction, 1 to 5 (CSAT)"),
        "nps": _("recommendation, 0 to 10 (NPS)"),
        "ces": _("ease, 1 to 7 (CES)"),
        "rating": _("a rating, 1 to 5"),
        "expectation_gap": _("what they expected, and what they got"),
        "emotion": _("how they feel, in one word"),
        "yes_no": _("yes or no"),
        "single_choice": _("one answer out of a list"),
        "multiple_choice": _("several answers out of a list"),
        "ranking": _("a list in order of importance"),
        "matrix": _("several lines, each with the same answers"),
        "date": _("a day"),
        "short_text": _("one line of text"),
        "long_text": _("their own words"),
        "consent": _("consent, in plain words"),
        "hidden": _("hidden: filled from the address, not asked"),
        "contact": _("who they are, and how they want to hear back"),
    }


def starter_words() -> dict[str, str]:
    """What staff call each template in surveys/builder/starters/."""
    return {
        "csat": _("Satisfied after contact"),
        "nps": _("Would they recommend us"),
        "expected": _("What they expected, and what they got"),
    }


KEYS = {
    "long_text": "comment", "single_choice": "choice", "multiple_choice": "choices", "short_text": "text",
    "expectation_gap": "gap", "hidden": "order",
}  # fmt: skip
"""Names of questions in exports and addresses, where they differ from the kind."""
STARTERS = {
    "csat": (_l("How satisfied are you, all in all?"), True),
    "nps": (_l("How likely is it that you recommend us to a friend or colleague?"), False),
    "ces": (_l("How easy was it to get this done?"), False),
    "rating": (_l("How good was it?"), False),
    "expectation_gap": (_l("How well were you helped?"), False),
    "emotion": (_l("How do you feel about it?"), False),
    "yes_no": (_l("Did it go as you expected?"), False),
    "single_choice": (_l("What was it about?"), False),
    "multiple_choice": (_l("What was it about? Choose all that fit."), False),
    "ranking": (_l("What matters most to you?"), False),
    "matrix": (_l("How did each of these go?"), False),
    "date": (_l("On what day was it?"), False),
    "short_text": (_l("What is your order number?"), False),
    "long_text": (_l("What should we know about it, in your own words?"), False),
    "consent": (_l("You may show my words, without my name, on your website."), False),
    "hidden": (_l("Order number"), False),
    "contact": (_l("May we tell you what we did with your answer?"), False),
}
"""kind → what a new row says, and whether it must be answered"""
