"""Files of LimeSurvey, as version 3 and version 6 write them."""

from typing import Any
from xml.sax.saxutils import escape

Row = dict[str, Any]
SURVEY = {"sid": "7", "language": "nl", "additional_languages": "en tlh"}
TITLES = [
    {"surveyls_language": "nl", "surveyls_title": "<p>Uw <b>bezoek</b></p>"},
    {"surveyls_language": "en", "surveyls_title": "Your visit"},
]


def question(qid: int, type: str, title: str, nl: str, en: str = "", **more: Any) -> Row:
    return {"qid": qid, "parent_qid": 0, "gid": 1, "type": type, "title": title, "question_order": qid, "mandatory": "N",
            "relevance": "1", "other": "N", "words": {"nl": nl, "en": en}, **more}  # fmt: skip


def line(qid: int, parent: int, title: str, nl: str, en: str = "") -> Row:
    return {
        "qid": qid,
        "parent_qid": parent,
        "title": title,
        "question_order": qid,
        "scale_id": 0,
        "words": {"nl": nl, "en": en},
    }


def answer(qid: int, code: str, nl: str, en: str = "") -> Row:
    return {
        "aid": f"{qid}{ord(code[-1])}",
        "qid": qid,
        "code": code,
        "sortorder": ord(code[-1]),
        "scale_id": 0,
        "words": {"nl": nl, "en": en},
    }


def newer(questions: list[Row], lines: list[Row] = (), answers: list[Row] = (), survey: Row = SURVEY) -> str:  # type: ignore[assignment]
    """Words stand in tables of their own."""
    texts = [
        {"qid": q["qid"], "question": text, "language": code}
        for q in (*questions, *lines)
        for code, text in q["words"].items()
        if text
    ]
    said = [
        {"aid": a["aid"], "answer": text, "language": code}
        for a in answers
        for code, text in a["words"].items()
        if text
    ]
    return document(surveys=[survey], surveys_languagesettings=TITLES, groups=[{"gid": 1, "group_order": 1}], questions=questions,
                    subquestions=list(lines), answers=list(answers), question_l10ns=texts, answer_l10ns=said)  # fmt: skip


def older(questions: list[Row], lines: list[Row] = (), answers: list[Row] = (), survey: Row = SURVEY) -> str:  # type: ignore[assignment]
    """A row a language."""
    asked = [
        {**q, "language": code, "question": text}
        for q in questions
        for code, text in q["words"].items()
        if text
    ]
    below = [
        {**q, "language": code, "question": text} for q in lines for code, text in q["words"].items() if text
    ]
    said = [
        {**a, "aid": "", "language": code, "answer": text}
        for a in answers
        for code, text in a["words"].items()
        if text
    ]
    return document(surveys=[survey], surveys_languagesettings=TITLES, questions=asked, subquestions=below,
                    answers=[{k: v for k, v in a.items() if k != "aid"} for a in said])  # fmt: skip


def document(**tables: list[Row]) -> str:
    parts = "".join(
        f"<{name}><fields/><rows>{''.join(map(_row, rows))}</rows></{name}>" for name, rows in tables.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<document><LimeSurveyDocType>Survey</LimeSurveyDocType>{parts}</document>'


def _row(row: Row) -> str:
    return (
        "<row>" + "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in row.items() if k != "words") + "</row>"
    )
