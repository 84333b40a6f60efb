"""A program with a key, and the loop in its words. Every answer is held against the published document."""

from typing import Any

import jsonschema_rs
from flask import Flask
from werkzeug.test import TestResponse

from accounts import keys
from core import clock
from core.access import Role
from core.db import writing
from core.models import Organisation
from tests.browser import FreshClient

API = "/api/v1"
PROBLEM = "application/problem+json"
QUESTIONS: list[dict[str, Any]] = [
    {"key": "csat", "type": "csat", "prompt": "Hoe tevreden bent u?", "required": True},
    {"key": "comment", "type": "long_text", "prompt": "Waarom?"},
    {"key": "contact", "type": "contact", "prompt": "Wie bent u?"},
]
SURVEY: dict[str, Any] = {
    "title": "Uw bestelling",
    "slug": "bestelling",
    "language": "nl",
    "reply_within_days": 5,
    "questions": QUESTIONS,
}
STRONGER = {"nl": "Wij gebruiken nu een stevigere doos.", "en": "We now use a stronger box."}
_documents: dict[str, dict[str, Any]] = {}


class Program:
    """Sends requests with one key; `ask` says which status it expects."""

    def __init__(self, app: Flask, organisation: Organisation, role: Role) -> None:
        with writing():
            row, self.key = keys.create(organisation.id, f"{role.name} in a test", role, clock.now())
        self.row, self.app, self.client = row, app, FreshClient(app, app.response_class)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """The raw answer; a body of bytes goes as it is."""
        said = {"Authorization": f"Bearer {self.key}", "Accept-Language": "en"}
        said.update({name.replace("_", "-"): value for name, value in headers.items()})
        sent: dict[str, Any] = (
            {"data": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        )
        answer: TestResponse = self.client.open(API + path, method=method, headers=said, **sent)
        conforms(self.app, method, path, answer)
        return answer

    def ask(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        """The body of an answer with that status."""
        answer = self.send(method, path, body, **headers)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json if answer.data else None

    def get(self, path: str, status: int = 200) -> Any:
        return self.ask("GET", path, status=status)

    def post(self, path: str, body: Any = None, status: int = 201, **headers: str) -> Any:
        return self.ask("POST", path, body, status, **headers)

    def refused(self, method: str, path: str, body: Any = None, status: int = 422, **headers: str) -> str:
        """The sentence of a refusal."""
        found = self.ask(method, path, body, status, **headers)
        assert found["status"] == status
        return str(found["detail"])

    def opened_survey(self, slug: str = "bestelling", **changes: Any) -> str:
        self.post("/surveys", {**SURVEY, "slug": slug, **changes})
        self.ask("POST", f"/surveys/{slug}/opening")
        return slug

    def answered(
        self, slug: str = "bestelling", comment: str | None = "De doos was stuk.", **more: Any
    ) -> Any:
        customer = {"email": "rita@example.com", "name": "Rita Ritsema"}
        return self.post(
            f"/surveys/{slug}/responses",
            {"answers": {"csat": 2, "comment": comment}, "customer": customer, **more},
        )

    def decided(self, kind: str = "done", **more: Any) -> int:
        id: int = self.post(
            "/actions", {"kind": kind, "title": "Stevigere dozen", "public_note": STRONGER, **more}
        )["id"]
        return id


def conforms(app: Flask, method: str, path: str, answer: TestResponse) -> None:
    """The status is documented, and the body has the documented shape."""
    document = document_of(app)
    operation = _operation(document, method, path.split("?", maxsplit=1)[0])
    if operation is None:
        return
    documented = _resolved(document, operation["responses"].get(str(answer.status_code), {}))
    assert documented, f"{method} {path} answers {answer.status_code}, which the document does not name"
    for kind, content in documented.get("content", {}).items():
        assert answer.mimetype == kind
        if kind.endswith("json"):
            validator({**content["schema"], "components": document["components"]}).validate(answer.json)


def _operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    held = [operations for known, operations in document["paths"].items() if _same(known, API + path)]
    return held[0].get(method.lower()) if held else None


def _same(documented: str, path: str) -> bool:
    parts = list(zip(documented.split("/"), path.split("/"), strict=False))
    alike = all(
        said == sent or (said.startswith("{") and said.endswith("}") == ("." not in sent))
        for said, sent in parts
    )
    return alike and documented.count("/") == path.count("/")


def _resolved(document: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    name = found.get("$ref", "").rpartition("/")[2]
    return document["components"]["responses"][name] if name else found


def document_of(app: Flask) -> dict[str, Any]:
    """Made once for all tests of a process: it says the same of every application but for its address."""
    address = app.config["SETTINGS"].address
    held = _documents.setdefault(address, {})
    if not held:
        held.update(FreshClient(app, app.response_class).get(f"{API}/openapi.json").json or {})
    return held


def validator(schema: dict[str, Any]) -> Any:
    return jsonschema_rs.validator_for({**schema, "$schema": "https://json-schema.org/draft/2020-12/schema"})
