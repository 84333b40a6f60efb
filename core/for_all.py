"""A page that is the same for everybody but for two random words: drawn once, and sent with words of its own each time."""

import secrets
from collections.abc import Callable, Hashable

from core.headers import csp_nonce, nonce_is
from core.recent import Recent, of_this_application

KEPT = 200
NONCE, TOKEN = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
"""What stands in a page that is kept, where each visitor gets their own. Nobody outside this process can write them."""


def for_all(key: Hashable, token: str, draw: Callable[[str], str]) -> str:
    """What `draw` makes of a form token, with this one in it. `key` holds everything else that the page looks at."""
    kept: Recent[Hashable, str] = of_this_application("pages_for_all", KEPT)
    page = kept.get(key, lambda: _with_marks(draw))
    return page.replace(NONCE, csp_nonce()).replace(TOKEN, token)


def _with_marks(draw: Callable[[str], str]) -> str:
    with nonce_is(NONCE):
        return draw(TOKEN)
