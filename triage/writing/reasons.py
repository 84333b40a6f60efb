"""Why: what a reader makes of such words."""

from flask_babel import lazy_gettext as _l

REASONS = {
    "no_day": _l("Nobody knows when this is. Name the day; it may be a safe one."),
    "effort": _l("Effort is no promise: whoever reads this does not know what will happen. Say what, who and when."),
    "hedge": _l("This leaves open whether it happens. Say what is certain, and by when the rest is known."),
    "intention": _l("This sounds like a promise, but says neither what nor when. Say what is done, by whom and by which day."),
    "nobody": _l("Nobody is named. A plan is believed when somebody stands for it."),
    "no_date": _l("There is no date. Say by which day; when it is unknown, by which day they hear more."),
    "past_date": _l("This date has gone by already."),
    "passive": _l("It reads as if it happened by itself. Say who did it: we, or a name."),
    "jargon": _l("This is a word of the trade or of the office. Not everybody knows it."),
    "cheer": _l("Good cheer around a no reads as if the no does not matter. Say no, and why."),
    "shout": _l("An exclamation or a smile around a no hurts. A full stop will do."),
    "opening_cheer": _l("This opens with joy, and the reader feels none. Begin with what happened to them."),
    "opening_belittles": _l("This belittles what they feel, or tells them what to feel. Begin with what went wrong."),
    "opening_regret": _l("They are glad or grateful, and this opens with regret. Begin with their good word."),
}  # fmt: skip
