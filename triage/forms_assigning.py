"""The form in which a manager says whose the new comments of a survey become."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, RadioField, SelectField, StringField

from accounts.models import Staff
from core.application import LANGUAGES, language_name, words
from core.text import one_line, word_keys
from surveys.emotions import EMOTIONS
from surveys.kinds.base import Meta
from triage import wording
from triage.assigning import TURN, Plan, Rule
from triage.forms import Ticks, choices
from triage.inbox.filters import SCORES
from triage.themes.models import Theme

WAYS = {
    "nobody": _l("To nobody: whoever comes first takes it"),
    "in_turn": _l("In turn"),
    "rules": _l("By rules"),
}
MOST = 20
CATCHES_ALL = _l("This rule catches every comment; the ones below it are never reached.")


def _line(text: str | None) -> str:
    return one_line(text or "", 200)


class RuleRow(Form):
    """One rule: what is left open is not asked."""

    Meta = Meta

    words = StringField(_l("It holds one of these words, parted by commas"), filters=[_line])
    least = SelectField(_l("Score from"))
    most = SelectField(_l("Score to"))
    emotion = SelectField(_l("Emotion"))
    language = SelectField(_l("Language"))
    channel = SelectField(_l("They hear"))
    theme = SelectField(_l("Theme"))
    to = SelectField(_l("Then it goes to"))

    def offer(self, offered: Mapping[str, Iterable[tuple[str, str]]]) -> None:
        for name, pairs in offered.items():
            getattr(self, name).choices = choices(pairs)

    @property
    def is_empty(self) -> bool:
        return not any(field.data for field in self)

    @property
    def catches_all(self) -> bool:
        return not any(field.data for field in self if field.name != self.to.name)

    def rule(self) -> Rule:
        to: int | str = TURN if self.to.data == TURN else int(self.to.data)
        return Rule(
            to, self.words.data or "", _number(self.least.data), _number(self.most.data), self.language.data, self.channel.data,
            self.emotion.data, _number(self.theme.data),
        )  # fmt: skip


def _number(text: str | None) -> int | None:
    return int(text) if text else None


class AssigningForm(FlaskForm):  # type: ignore[misc]
    """Nobody, in turn, or by rules; the first rule that fits decides."""

    class Meta(Meta, FlaskForm.Meta):  # type: ignore[misc]
        pass

    way = RadioField(_l("New comments go"), choices=choices(WAYS))
    turns = Ticks(_l("Who take turns"))
    rules = FieldList(FormField(RuleRow), max_entries=MOST)

    def __init__(
        self, plan: Plan, colleagues: Iterable[Staff], gone: Iterable[Staff], themes: Iterable[Theme]
    ) -> None:
        super().__init__(data=_data(plan))
        self.gone = {str(s.id): s.name for s in gone}
        self.here = {str(s.id): s.name for s in colleagues}
        self.known = [(str(t.id), words(t.name)) for t in themes]
        left = ((id, _("%(name)s, who has left", name=name)) for id, name in self.gone.items())
        self.people = [*self.here.items(), *left]
        self.turns.choices = choices(self.people)
        self._offer()

    def _offer(self) -> None:
        everything = ("", _("all"))
        scores = [everything, *((score, score) for score in SCORES)]
        offered: dict[str, list[tuple[str, str]]] = {
            "least": scores, "most": scores, "emotion": [everything, *EMOTIONS.items()],
            "language": [everything, *((code, language_name(code)) for code in LANGUAGES)],
            "channel": [everything, *wording.CHANNELS.items()], "theme": [everything, *self.known],
            "to": [("", _("nobody yet")), (TURN, _("whoever’s turn it is")), *self.people],
        }  # fmt: skip
        for row in self.rules:
            row.form.offer(offered)

    def rearrange(self, step: str, place: int) -> None:
        """`step`: add a rule, put the one at this place `up` (the first that fits decides), or take it out."""
        rows = [row.form.data for row in self.rules]
        if step == "add" and len(rows) < MOST:
            rows.append({})
        if step == "up" and 0 < place < len(rows):
            rows[place - 1 : place + 1] = rows[place], rows[place - 1]
        if step == "out":
            rows = rows[:place] + rows[place + 1 :]
        self.rules.entries, self.rules.last_index = [], -1
        for row in rows:
            self.rules.append_entry(row)
        self._offer()

    @property
    def said(self) -> list[RuleRow]:
        """The rules in which anything is said."""
        return [row.form for row in self.rules if not row.form.is_empty]

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.way.data == "rules":
            self._judge_rules()
        if self._needs_turns() and not self.turns.data:
            self.turns.errors = [_("Tick at least one colleague.")]
        for name in (self.gone[id] for id in self.turns.data or () if id in self.gone):
            self.turns.errors = [_("%(name)s does not work here any more. Take the tick away.", name=name)]
        self.rules.errors = [row.form.errors for row in self.rules if row.form.errors]
        return not self.errors

    def _needs_turns(self) -> bool:
        by_rule = self.way.data == "rules" and any(row.to.data == TURN for row in self.said)
        return self.way.data == "in_turn" or by_rule

    def _judge_rules(self) -> None:
        if not self.said:
            self.form_errors.append(_("Write at least one rule, or choose another way."))
        for place, row in enumerate(self.said):
            _judge(row, self.gone, last=place == len(self.said) - 1)

    def plan(self) -> Plan:
        rules = tuple(row.rule() for row in self.said if row.to.data)
        return Plan(self.way.data, tuple(int(id) for id in self.turns.data or ()), rules)


def _judge(row: RuleRow, gone: Mapping[str, str], *, last: bool) -> None:
    """What is wrong with one rule stands beside its field."""
    if row.to.data in gone:
        row.to.errors = [
            _("%(name)s does not work here any more. Choose another one.", name=gone[row.to.data])
        ]
    elif not row.to.data:
        row.to.errors = [_("Choose to whom.")]
    if row.catches_all and not last:
        how = _("Put it last, or say what it asks.")
        row.words.errors = [f"{CATCHES_ALL} {how}"]
    if row.words.data and not word_keys(row.words.data):
        row.words.errors = [_("There is no word in this that could be looked for.")]
    if row.least.data and row.most.data and int(row.least.data) > int(row.most.data):
        row.most.errors = [_("This is lower than where it begins.")]


def _data(plan: Plan) -> dict[str, Any]:
    rules = [{name: _text(getattr(rule, name)) for name in Rule.__slots__} for rule in plan.rules]
    return {"way": plan.way, "turns": [str(id) for id in plan.turns], "rules": rules}


def _text(value: object) -> str:
    return "" if value is None else str(value)
