"""Names of those who gave only a score. Made up; any likeness is chance, and every address is at a reserved domain."""

import random
from unicodedata import normalize

from customers.recognising import Contact

DUTCH = (
    ("Anneke", "Bas", "Chantal", "Dirk", "Els", "Fleur", "Gerrit", "Hanneke", "Ilse", "Jeroen", "Karin", "Lars", "Mieke", "Niels", "Olga", "Pim",
     "Ria", "Sander", "Tineke", "Willem", "Yasmin", "Zahra", "Emre", "Naima"),
    ("Aalbers", "Bosman", "Claessen", "Dekker", "Eijkman", "Faber", "Goossens", "Hamers", "Jacobs", "Kuipers", "Linders", "Maas", "Noten", "Oomen",
     "Peeters", "Rademaker", "Schuurmans", "Timmers", "Verhagen", "Wolters", "Yıldız", "Zeegers"),
)  # fmt: skip
ENGLISH = (
    ("Alice", "Ben", "Chloe", "Daniel", "Emma", "Farid", "Hannah", "Ivan", "Julia", "Liam", "Maria", "Noah", "Priya", "Samuel", "Tara", "Wen"),
    ("Abbott", "Brooks", "Carver", "Dunne", "Ellis", "Foster", "Hughes", "Iyer", "Kowalska", "Lopez", "Moreau", "Novak", "Okafor", "Patel", "Ryan", "Shaw"),
)  # fmt: skip
DOMAINS = ("example.org", "example.com", "example.net", "mail.test", "post.test")


def passer_by(language: str, luck: random.Random) -> Contact:
    """Somebody with a name, and an address that hardly anybody else draws."""
    first, last = (luck.choice(names) for names in (DUTCH if language == "nl" else ENGLISH))
    local = f"{_plain(first)}.{_plain(last)}{luck.randrange(10, 100)}"
    return Contact(name=f"{first} {last}", email=f"{local}@{luck.choice(DOMAINS)}", language=language)


def _plain(name: str) -> str:
    """Without accents, as addresses are."""
    return normalize("NFD", name.replace("ı", "i")).encode("ascii", "ignore").decode().lower()
