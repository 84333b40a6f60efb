"""Who answers on a walk, and what is done about it. Made up; every address is at a reserved domain."""

from dataclasses import dataclass

TITLES = {"title_en": "How was your parcel?", "title_nl": "Hoe was uw pakket?"}


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who answers; without a name they hear on a page of their own."""

    name: str
    language: str
    score: int
    comment: str = ""

    @property
    def who(self) -> str:
        return self.name.partition(" ")[0] or "Somebody without a name"

    @property
    def wrote(self) -> str:
        return f"and wrote “{self.comment}”" if self.comment else "and no words."

    def mail(self, slug: str) -> str:
        return f"{self.who.lower()}@{slug}.example"

    def filled(self, slug: str) -> dict[str, object]:
        """The fields of the survey's form."""
        wants = {"contact-wants": "mail", "contact-name": self.name, "contact-email": self.mail(slug)}
        return {"csat": self.score, "comment": self.comment} | (
            wants if self.name else {"contact-wants": "page"}
        )


RITA = Guest("Rita Ritsema", "en", 2, "The parcel was left in the rain. Twice.")
SAM = Guest("Sam Smit", "nl", 3, "De bezorger belde aan en was weg voor ik bij de deur was.")
NOBODY = Guest("", "en", 4, "Fine, but the box was far too large.")
NOOR = Guest("Noor Nijhof", "nl", 5)
GUESTS = (RITA, SAM, NOBODY, NOOR)
"""Two with words, one without a name, one with a score alone."""

CHANGED = {
    "title": "Couriers wait at the door and keep parcels dry",
    "note_en": "Since {done_on} our couriers wait a full minute at the door and leave nothing outside. Anna Adams goes through it with them every Monday.",
    "note_nl": "Sinds {done_on} wachten onze bezorgers een volle minuut bij de deur en laten zij niets buiten staan. Anna Adams neemt het elke maandag met hen door.",
}
SMALLER = {
    "title": "Four sizes of box instead of one",
    "note_en": "Since {done_on} we pack in the smallest of four boxes that fits. Anna Adams had them made.",
    "note_nl": "Sinds {done_on} pakken wij in de kleinste van vier dozen die past. Anna Adams heeft ze laten maken.",
}
AGREED = {
    "title": "Rang Sam Smit and agreed an hour",
    "note_en": "Anna Adams rang you on {done_on}. From now on your parcels come between 17 and 19.",
    "note_nl": "Anna Adams heeft u op {done_on} gebeld. Uw pakketten komen voortaan tussen 17 en 19 uur.",
}
DIGEST = {
    "words_en": "You said that couriers were gone before you reached the door. Now they wait a full minute, and nothing is left outside.",
    "words_nl": "U zei dat bezorgers weg waren voor u bij de deur was. Nu wachten zij een volle minuut, en er blijft niets buiten staan.",
}
STILL = "Vandaag weer: hij was weg voor ik bij de deur was."
