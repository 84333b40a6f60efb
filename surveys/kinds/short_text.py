"""One line, such as an order number."""

from wtforms import StringField

from surveys.kinds.text import text_kind

KIND = text_kind("short_text", 200, StringField, "input")
