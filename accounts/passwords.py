"""What may be a password: long rather than odd, and not what everybody tries first.

A password falls to a list of common ones with a year and an exclamation mark behind it. So the words
are kept here, and what people put around them is taken off before looking. All of it offline.
"""

import re
from collections.abc import Iterable

from flask_babel import gettext as _

MINIMUM, RECOMMENDED, LIMIT = 8, 15, 1_000
REPEATS = 4
_LEET = str.maketrans("@4301!5$7", "aaeoiisst")
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_ROWS = ("1234567890", "qwertyuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_COMMON = frozenset(
    ["access", "account", "admin", "administrator", "ajax", "alexander", "amanda", "amsterdam", "andrea", "andrew", "angel", "anouk", "april", "arsenal", "ashley", "august", "baby", "bailey", "banana", "bart", "baseball", "basketball", "batman", "beheer", "beheerder", "bloem", "bonjour", "buster", "butterfly", "change", "changeme", "charlie", "cheese", "chelsea", "chocola", "chocolade", "chocolate", "computer", "cookie", "daniel", "december", "default", "demo", "diamond", "dolphin", "donald", "dragon", "eindhoven", "enschede", "family", "februari", "february", "feedback", "ferrari", "feyenoord", "flower", "football", "forever", "freedom", "friend", "friends", "gebruiker", "geheim", "geluk", "ginger", "google", "groningen", "guest", "haarlem", "hallo", "hannah", "happy", "heineken", "hello", "herfst", "hockey", "holiday", "holland", "hunter", "iloveyou", "inloggen", "internet", "januari", "january", "jasmine", "jennifer", "jessica", "jordan", "jordy", "joshua", "juli", "july", "june", "juni", "justin", "katten", "kerst", "kitten", "klant", "klantenservice", "koning", "koningin", "kwartaal", "lente", "letmein", "liefde", "lieverd", "liverpool", "login", "london", "lovely", "lucky", "maandag", "maart", "maggie", "manager", "march", "marieke", "marijke", "master", "matrix", "matthew", "maxwell", "merlin", "michael", "michelle", "mickey", "mijnwachtwoord", "monday", "monkey", "morgan", "mustang", "naruto", "nederland", "nicole", "ninja", "november", "october", "office", "oktober", "orange", "oranje", "paard", "pass", "passphrase", "passw", "passwd", "password", "patrick", "pepper", "pokemon", "porsche", "princess", "prinses", "purple", "qazwsx", "queen", "rabbit", "rainbow", "ranger", "robert", "rotterdam", "samantha", "samsung", "schatje", "school", "secret", "sector", "september", "service", "shadow", "simpson", "soccer", "sommer", "sophie", "spring", "standaard", "starwars", "summer", "sunflower", "sunshine", "superman", "support", "sweetie", "system", "taylor", "teddy", "tennis", "terugkoppel", "test", "testing", "thomas", "thunder", "tigger", "tijdelijk", "trustno", "tweety", "twente", "utrecht", "vakantie", "valentine", "victoria", "vlinder", "voetbal", "voorjaar", "vrienden", "vrijdag", "wachtwoord", "website", "welcome", "welkom", "whatever", "william", "winkel", "winter", "wintertijd", "woensdag", "woonstad", "yankees", "yellow", "zaterdag", "zomer", "zondag", "zonnetje"]
)


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
    words = {_bare(plain), _bare(plain.translate(_LEET)), _bare(plain).translate(_LEET)}
    return bool(words & _first_tries(own_words)) or _is_monotonous(plain)


def _bare(text: str) -> str:
    """The word itself, without the digits and signs around it; nothing is left of a number."""
    return _AROUND.sub("", text)


def _first_tries(own_words: Iterable[str]) -> frozenset[str]:
    own = {part for word in own_words for part in re.split(r"[\W_]+", word.casefold()) if len(part) > 2}
    return _COMMON | own | {"", *(a + b for a in own for b in own)}


def _is_monotonous(plain: str) -> bool:
    """A few characters again and again, a word twice, or a row of the keyboard there and back."""
    word = _bare(plain)
    twice = any(word == word[:n] * (len(word) // n) for n in range(1, len(word) // 2 + 1))
    return twice or len(set(plain)) <= REPEATS or any(word in row + row[::-1] + row for row in _ROWS)
