"""How good was it? 1–5, plain numbers with a word at both ends."""

from flask_babel import lazy_gettext as _l

from surveys.kinds.base import scale_kind

KIND = scale_kind("rating", 1, 5, ends=(_l("poor"), _l("excellent")))
