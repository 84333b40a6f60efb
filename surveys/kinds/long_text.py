"""A comment in the customer's own words: the only kind that becomes work for staff."""

from wtforms import TextAreaField

from core.text import COMMENT_LIMIT
from surveys.kinds.text import text_kind

KIND = text_kind("long_text", COMMENT_LIMIT, TextAreaField, "textarea")
