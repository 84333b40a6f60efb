"""What every operation in the OpenAPI document has in common: how it says no, who may ask, and asking twice."""

from typing import Any

from flask import current_app

from core.access import Role
from core.api.problems import PROBLEM
from core.routes import least_role, methods

ABOUT = """\
Send the key as `Authorization: Bearer KEY` or as `x-api-key`. In a body, null means left out and an unknown name is refused.
Moments are ISO 8601 with their zone; `due_at` of a promise in days is the end of its local day. Lists answer `{data, next}`:
send `next` as `after` to read on. Errors are problem documents (RFC 9457) whose `detail` is a sentence, in the language of
`Accept-Language`. The same POST with the same `Idempotency-Key` makes one thing and gives the same answer; another body is a 409.
"""
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "header": {"type": "apiKey", "in": "header", "name": "x-api-key"},
}
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body again: the same answer. Another body: 409.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
WAIT = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
ALWAYS = {
    "400": "Refused",
    "401": "Refused",
    "403": "Refused",
    "404": "Refused",
    "429": "Later",
    "500": "Refused",
    "503": "Later",
    "default": "Refused",
}
WRITING = {"409": "Refused", "413": "Refused", "415": "Refused", "422": "Refused"}


def completed(document: dict[str, Any], address: str) -> dict[str, Any]:
    """The document of the library, with what it cannot know."""
    document["info"]["description"] = ABOUT
    document["servers"] = [{"url": address}]
    document["security"] = [{name: []} for name in SECURITY]
    _share(document["components"])
    for path, operations in document["paths"].items():
        for method in operations.keys() & {"get", "post", "patch", "put", "delete"}:
            _complete(operations[method], path, method)
    return document


def _share(components: dict[str, Any]) -> None:
    roles = {
        "type": "string",
        "enum": [role.name for role in Role],
        "description": "What a key may do; each role may all that the one before it may.",
    }
    components["schemas"] = {**components.get("schemas", {}), "Problem": PROBLEM, "Role": roles}
    for unused in ("Error", "PaginationMetadata"):
        components["schemas"].pop(unused, None)
    components["responses"] = {
        "Refused": _refusal("A sentence says why."),
        "Later": {**_refusal("Not now."), "headers": WAIT},
    }
    components["parameters"] = {"Once": ONCE}
    components["securitySchemes"] = SECURITY


def _refusal(description: str) -> dict[str, Any]:
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": description, "content": {"application/problem+json": shape}}


def _complete(operation: dict[str, Any], path: str, method: str) -> None:
    refusals = {**ALWAYS, **(WRITING if method != "get" else {"422": "Refused"})}
    answers = operation["responses"]
    answers.update({code: {"$ref": f"#/components/responses/{name}"} for code, name in refusals.items()})
    if method == "post" and "message/rfc822" not in operation.get("requestBody", {}).get("content", {}):
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/Once"})
    role = _role(path, method)
    operation["x-least-role"] = role.name if role else None


def _role(path: str, method: str) -> Role | None:
    """The least role of the route behind a path of the document."""
    plain = path.replace("{", "<").replace("}", ">")
    rules = (r for r in current_app.url_map.iter_rules() if method.upper() in methods(r.methods))
    endpoint = next(r.endpoint for r in rules if r.rule.replace("<int:", "<") == plain)
    return least_role(endpoint, method.upper())
