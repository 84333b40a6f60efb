"""How easy was it? 1–7; a higher number is easier, and both ends say so."""

from flask_babel import lazy_gettext as _l

from surveys.kinds.base import scale_kind

KIND = scale_kind("ces", 1, 7, ends=(_l("very difficult"), _l("very easy")))
