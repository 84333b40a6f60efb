"""Places in a frozen body where a personal link goes at the last moment, so that no stored row holds a live link."""

import secrets
from collections.abc import Mapping, Sequence

from core import links


def new_slot() -> str:
    """A marker that nobody can guess, so that no quoted word can stand for a link; one for each message."""
    return secrets.token_hex(16)


def slot_link(slot: str, name: str) -> str:
    """What a template writes where the link called `name` belongs."""
    return f"{slot}{name}{slot}"


def filled(body: str, slot: str, named: Mapping[str, Sequence[str | int]]) -> str:
    """The body with each slot replaced by its link; `named` holds name → (purpose, id, version)."""
    return with_links(body, slot, {name: address(target) for name, target in named.items()})


def with_links(body: str, slot: str, urls: Mapping[str, str]) -> str:
    """As `filled`, by links that were computed already."""
    for name, url in urls.items():
        body = body.replace(slot_link(slot, name), url)
    return body


def address(target: Sequence[str | int]) -> str:
    """The link of one (purpose, id, version)."""
    purpose, id, version = target
    return links.url(str(purpose), int(id), int(version))


def masked(body: str, slot: str, named: Mapping[str, Sequence[str | int]]) -> str:
    """The body with each link shown as what it is for, opening nothing."""
    urls = {name: links.public_url(f"{links.PATHS[str(purpose)]}…") for name, (purpose, *_) in named.items()}
    return with_links(body, slot, urls)
