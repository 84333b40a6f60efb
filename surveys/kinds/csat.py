"""How satisfied are you? 1–5; the score is the share that says 4 or 5 (top-2-box)."""

from flask_babel import lazy_gettext as _l

from surveys.kinds.base import scale_kind

WORDS = (_l("very dissatisfied"), _l("dissatisfied"), _l("neutral"), _l("satisfied"), _l("very satisfied"))

KIND = scale_kind("csat", 1, 5, words=WORDS)
