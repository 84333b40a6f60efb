"""What the kinds with several lines share: a form in the form, with a field for each line of a list."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from wtforms import Field, Form, FormField

from surveys.kinds.base import Meta, prompt, required
from surveys.models import Question


class LinesForm(Form):
    """A field a line; `asked` are the keys of the lines."""

    Meta = Meta
    asked: Sequence[str] = ()

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in self:
            line.validators = required(question)
            line.flags.required = question.required

    @property
    def chosen(self) -> dict[str, str]:
        """key of a line → what was chosen in it, blank lines left out."""
        return {key: line.data for key, line in zip(self.asked, self, strict=True) if line.data}


def lines_field(
    form: type[LinesForm],
    question: Question,
    lines: list[tuple[str, str]],
    language: str,
    line: Callable[[str], Any],
) -> Field:
    """`lines` are (key, words); `line` makes the field of one from its words."""
    fields = {f"line{n}": line(words) for n, (_key, words) in enumerate(lines)}
    made: Any = type(form.__name__, (form,), {**fields, "asked": [key for key, _words in lines]})
    return FormField(partial(made, question=question), label=prompt(question, language))  # type: ignore[arg-type]
