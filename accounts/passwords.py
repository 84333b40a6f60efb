"""What may be a password: long rather than odd, and not what everybody tries first.

People take a word and put a year and an exclamation mark behind it. So what stands around a word is taken
off before looking. common_passwords.txt holds the 10,000 most used (from zxcvbn, MIT), common_words.txt what
people here would try besides. Nobody is asked over the network.
"""

import re
import string
from collections.abc import Iterable
from pathlib import Path

from flask_babel import gettext as _

MINIMUM, RECOMMENDED, LIMIT = 8, 15, 1_000
REPEATS = 4
_LEET = str.maketrans("@4301!5$7", "aaeoiisst")
_AROUND = string.punctuation + string.digits + string.whitespace
_BETWEEN = re.compile(r"[\W\d_]+")
_ROWS = ("1234567890", "qwertyuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_LISTS = [Path(__file__).with_name(name) for name in ("common_words.txt", "common_passwords.txt")]


def faults(password: str, own_words: Iterable[str] = ()) -> list[str]:
    """Sentences about why this cannot be a password; `own_words`: names and addresses that belong to its owner."""
    if len(password) < MINIMUM:
        return [
            _("A password has at least %(n)d characters; %(more)d is safer.", n=MINIMUM, more=RECOMMENDED)
        ]
    if len(password) > LIMIT:
        return [_("A password has at most %(n)d characters.", n=LIMIT)]
    return [_too_common()] if _is_common(password.casefold(), own_words) else []


def _too_common() -> str:
    return _("This is among the first that somebody else would try. Four words in a row are safer.")


def _is_common(plain: str, own_words: Iterable[str]) -> bool:
    word = _bare(plain)
    words = {word, word.translate(_LEET), _bare(plain.translate(_LEET)), _BETWEEN.sub("", plain) or word}
    return bool({*words, plain} & _first_tries(own_words)) or _is_monotonous(plain)


def _bare(text: str) -> str:
    """The word itself, without the digits and signs around it; nothing is left of a number."""
    return text.strip(_AROUND)


def _first_tries(own_words: Iterable[str]) -> set[str]:
    """The lists are read anew: a password is chosen rarely, and memory is used always."""
    common = {word for file in _LISTS for word in file.read_text().split()}
    own = {part for word in own_words for part in _BETWEEN.split(word.casefold()) if len(part) > 2}
    return common | own | {"", *(a + b for a in own for b in own)}


def _is_monotonous(plain: str) -> bool:
    """A few characters again and again, a word twice, or a row of the keyboard there and back."""
    word = _bare(plain)
    twice = any(word == word[:n] * (len(word) // n) for n in range(1, len(word) // 2 + 1))
    return twice or len(set(plain)) <= REPEATS or any(word in row + row[::-1] + row for row in _ROWS)
