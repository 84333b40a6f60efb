"""A survey that begins with another one: its copy, and its file, to take along and to bring in."""

import json

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from wtforms import FileField, TextAreaField

from core import clock
from core.access import Role, access, load, require
from core.db import writing
from core.errors import DomainError
from surveys import queries
from surveys.builder import portable
from surveys.builder.copying import copy_survey, import_survey
from surveys.builder.portable import Portable
from surveys.limesurvey import lime
from surveys.models import Survey
from surveys.views import blueprint


class FileForm(FlaskForm):  # type: ignore[misc]
    file = FileField(_l("A file: one that was taken along here (.json), or of LimeSurvey (.lss)"))
    text = TextAreaField(_l("Or what stands in it"))

    def content(self) -> str:
        """What was sent, shown in the form again when it cannot be taken: there it can be mended."""
        sent = self.file.data.read(portable.LIMIT + 1) if isinstance(self.file.data, FileStorage) else b""
        if sent:
            self.text.data = _decoded(sent)
        return (self.text.data or "").strip()


def _decoded(sent: bytes) -> str:
    try:
        return sent.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DomainError(
            _("This file is no text in UTF-8. Save it as UTF-8, and choose it again.")
        ) from None


@blueprint.post("/<int:survey_id>/copy")
@require(Role.manager)
def copy(survey_id: int) -> ResponseReturnValue:
    """A draft of the same; it leads to where it is changed."""
    with writing():
        made = copy_survey(load(Survey, survey_id), clock.now()).id
    flash(_("This is the copy. Nobody can answer it until you open it."))
    return redirect(url_for("surveys.edit", survey_id=made), 303)


@blueprint.get("/<int:survey_id>/export")
@require(Role.viewer)
def export(survey_id: int) -> ResponseReturnValue:
    """All but who signs, as a file."""
    survey = load(Survey, survey_id)
    body = json.dumps(portable.as_file(survey), ensure_ascii=False, indent=1) + "\n"
    named = {"Content-Disposition": f'attachment; filename="{survey.slug}.json"'}
    return Response(body, mimetype="application/json", headers=named)


@blueprint.get("/file")
@require(Role.manager)
def file() -> str:
    """Where a file is brought in."""
    return _form(FileForm(formdata=None))


@blueprint.post("/file")
@require(Role.manager)
def bring_in() -> ResponseReturnValue:
    """Make a draft of it; what could not come along stands on its page. Of a file that cannot be read nothing is made."""
    form = FileForm()
    try:
        made = _made(_read(form.content()))
    except DomainError as error:
        form.text.errors = [error.sentence]
        return _form(form), error.status
    flash(_("The survey is made. Look at it, and open it when customers may answer."))
    return redirect(url_for("surveys.page", survey_id=made), 303)


def _read(text: str) -> Portable:
    if not text:
        raise DomainError(_("Choose a file, or put in what stands in it."))
    return lime.from_file(text) if text.startswith("<") else portable.from_file(text)


def _made(held: Portable) -> int:
    signer = access().staff_id or queries.colleagues()[0].id
    try:
        with writing():
            return import_survey(access().organisation_id, held, signer, clock.now()).id
    except IntegrityError:
        raise DomainError(_("Somebody made a survey with this address just now. Send it again.")) from None


def _form(form: FileForm) -> str:
    return render_template("surveys/file.html", form=form)
