"""What the aid finds while somebody types; nothing is kept."""

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from core.access import Role, require
from core.application import LANGUAGES
from surveys.queries import colleagues
from triage.models import EMOTIONS, KINDS
from triage.views import blueprint
from triage.writing.checking import DUE_ON, Setting
from triage.writing.forms import today
from triage.writing.overruling import Spoken

MOST = 5000
"""Characters that are read while somebody types."""


@blueprint.post("/writing/findings")
@require(Role.agent)
def findings() -> ResponseReturnValue:
    """Of one field of the form that it is sent with: `aid_field`, in `aid_language`."""
    sent = request.form
    name, language = sent.get("aid_field", ""), sent.get("aid_language", "")
    if language not in LANGUAGES:
        abort(422)
    text = sent.get(name, "").replace("\r\n", "\n")[:MOST]
    spoken = Spoken(name, language, text, _setting(sent, name.startswith("note_")))
    return render_template("triage/findings.html", found=spoken.findings(today()), text=text, name=name)


def _setting(sent: MultiDict[str, str], is_decision: bool) -> Setting:
    """What the rest of the form says about these words."""
    kind, emotion = sent.get("kind", ""), sent.get("aid_emotion", "")
    return Setting(
        kind if kind in KINDS and is_decision else "",
        emotion if emotion in EMOTIONS else "",
        next((s.name for s in colleagues() if str(s.id) == sent.get("owner")), ""),
        _day(sent.get("next_on") or sent.get("due_on") or ""),
        DUE_ON if is_decision and kind == "planned" else "",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
