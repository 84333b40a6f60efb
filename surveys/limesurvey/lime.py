"""A survey of LimeSurvey (.lss), as far as its kinds of question match ours; what does not is said, question by question."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from core.errors import DomainError
from core.languages import WRITTEN
from surveys.builder.building import Draft, questions_from
from surveys.builder.portable import Portable
from surveys.builder.question_rows import MIN_LINES
from surveys.limesurvey.kinds import LISTS, Fixed, Lists, kind_of, rule
from surveys.limesurvey.source import APART, Row, Source, Words, language_code, number, plain, tables
from surveys.sent_questions import MOST_CHOICES
from surveys.shapes import MOST_QUESTIONS


def from_file(text: str) -> Portable:
    """DomainError for what is no such file, or holds nothing that can be asked."""
    source = Source(tables(text))
    survey, own = _survey(source)
    questions = list(_questions(source, own))[:MOST_QUESTIONS]
    if not questions:
        raise DomainError(_("Nothing in this file can be asked here: %(why)s", why=" ".join(source.left_out)))
    questions_from(questions)
    return Portable(
        _title(source, own), own, questions, f"survey-{survey.get('sid', '')}",
        anonymous=survey.get("anonymized") == "Y", one_by_one=survey.get("format") == "S", left_out=source.left_out,
    )  # fmt: skip


def _survey(source: Source) -> tuple[Row, str]:
    """Its row, and the language that it is asked in here."""
    survey = next(iter(source.rows("surveys")), {})
    all_of_them = [survey.get("language", ""), *survey.get("additional_languages", "").split()]
    known = dict.fromkeys(language_code(one) for one in all_of_them if language_code(one) in WRITTEN)
    others = [one[:20] for one in all_of_them if one and language_code(one) not in WRITTEN]
    if not known:
        raise DomainError(_("This survey has words in %(theirs)s; here they are in %(ours)s.", theirs=", ".join(others) or "?", ours=", ".join(WRITTEN)))  # fmt: skip
    if others:
        source.left_out.append(_("The words in %(languages)s.", languages=", ".join(others)))
    source.languages = list(known)
    return survey, source.languages[0]


def _title(source: Source, own: str) -> Words:
    rows = source.rows("surveys_languagesettings")
    said = {
        language_code(row.get("surveyls_language", "")): plain(row.get("surveyls_title", "")) for row in rows
    }
    found = {code: words for code, words in said.items() if words and code in source.languages}
    return found if own in found else {own: next(iter(found.values()), "LimeSurvey")}


def _questions(source: Source, own: str) -> Iterator[Draft]:
    order = {
        group["gid"]: int(group.get("group_order") or 0) for group in source.rows("groups") if "gid" in group
    }
    rows = {
        row.get("qid", ""): row for row in source.rows("questions") if row.get("parent_qid", "0") in {"0", ""}
    }
    made: dict[str, Draft] = {}
    for row in sorted(
        rows.values(), key=lambda r: (order.get(r.get("gid", ""), 0), number(r.get("question_order")))
    ):
        draft = _draft(source, row, own, made)
        if draft:
            made[row.get("title", "")] = draft
            yield draft


def _draft(source: Source, row: Row, own: str, made: dict[str, Draft]) -> Draft | None:
    name, kind, prompt = (
        row.get("title", "?")[:40],
        kind_of(row.get("type", "")),
        source.words(row, "question", "questions", APART),
    )
    if not kind or own not in prompt:
        source.left_out.append(_not_taken(name, kind, row.get("type", "")))
        return None
    options = _options(source, row, own)
    if options is None:
        source.left_out.append(
            _(
                "“%(name)s”: it needs 2 to %(most)d answers, each with words in its own language.",
                name=name,
                most=MOST_CHOICES,
            )
        )
        return None
    asked_after = rule(row.get("relevance", ""), made)
    if asked_after:
        options["show_if"] = asked_after
    source.left_out.extend(_taken_without(name, row, asked_after=bool(asked_after)))
    return Draft(
        _key(name, made),
        kind,
        prompt,
        row.get("mandatory") == "Y",
        source.words(row, "help", "questions", APART),
        options,
    )


def _taken_without(name: str, row: Row, *, asked_after: bool) -> Iterator[str]:
    """What of a question that is taken has no room here."""
    if not asked_after and row.get("relevance", "1").strip() not in {"1", ""}:
        yield _("“%(name)s”: when it is asked. Here it is asked of everybody.", name=name)
    if row.get("other") == "Y" or row.get("type") in {"O", "P"}:
        yield _("“%(name)s”: the room for other words beside the answers.", name=name)


def _not_taken(name: str, kind: str, letter: str) -> str:
    if not kind:
        return _(
            "“%(name)s”: there is no such kind of question here (“%(kind)s”).", name=name, kind=letter[:3]
        )
    return _("“%(name)s”: it has no words in the language of the survey.", name=name)


def _options(source: Source, row: Row, own: str) -> dict[str, Any] | None:
    """None where there is too little to choose from, or too much."""
    held = {name: _lines(source, row, of) for name, of in LISTS.get(row.get("type", ""), Lists()).named()}
    sound = all(
        MIN_LINES <= len(lines) <= MOST_CHOICES and all(one["key"] and own in one["words"] for one in lines)
        for lines in held.values()
    )
    return held if sound else None


def _lines(source: Source, row: Row, of: str | Fixed) -> list[dict[str, Any]]:
    """{key, words} of each answer, or of each line of a list."""
    if not isinstance(of, str):
        return [{"key": key, "words": {code: words[code] for code in source.languages}} for key, words in of]
    answers = of == "answers"
    name, text, apart = ("code", "answer", "answer_l10ns") if answers else ("title", "question", APART)
    mine = source.rows(of, **{"qid" if answers else "parent_qid": row.get("qid", "")})
    found = {one.get(name, ""): one for one in mine if one.get("scale_id", "0") in {"0", ""}}
    by_place = sorted(
        found.values(), key=lambda one: number(one.get("sortorder") or one.get("question_order"))
    )
    return [{"key": one.get(name, "")[:40], "words": source.words(one, text, of, apart)} for one in by_place]


def _key(name: str, made: dict[str, Draft]) -> str:
    """Small letters and digits, as keys are here."""
    plain_name = "".join(c if c.isascii() and c.isalnum() else "_" for c in name.lower())[:36]
    wanted = plain_name if plain_name[:1].isalpha() else f"q{plain_name}"
    taken = {draft.key for draft in made.values()}
    return next(key for key in (wanted, *(f"{wanted[:34]}_{n}" for n in range(2, 200))) if key not in taken)
