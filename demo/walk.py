"""The whole loop once, on the terminal: through the real pages, ticks, outbox and renderer."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from sqlalchemy import select

from accounts.commands import create_organisation
from core import clock
from core.db import db
from core.errors import DomainError
from core.models import Organisation
from core.settings import settings
from demo import guests
from demo.browser import Browser
from demo.guests import GUESTS, NOBODY, NOOR, RITA, SAM, Guest
from demo.office import Office
from demo.pages import Page
from demo.watching import Watcher, equation, way_out


def walk(echo: Callable[[str], None]) -> Path:
    """Play the loop with an organisation of its own; returns where the report lies. DomainError where it breaks."""
    number = next(n for n in count(1) if not _is_taken(f"walk-{n}"))
    return Walk(number, echo).play()


def _is_taken(slug: str) -> bool:
    return db.session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None


class Walk:
    """One walk, by a number that no other walk here has: Anna's office, the customers' browser, and who watches."""

    def __init__(self, number: int, echo: Callable[[str], None]) -> None:
        self.number, self.slug = number, f"walk-{number}"
        self.office, self.customer, self.watch = Office(self.slug), Browser(), Watcher(echo)
        self.say, self.quote = self.watch.say, self.watch.quote
        self.addresses = [guest.mail(self.slug) for guest in GUESTS if guest.name]

    def play(self) -> Path:
        self.begin()
        self.answer()
        self.read()
        self.settle()
        self.tell()
        self.judge()
        self.settle_again()
        self.account()
        return self.report()

    def begin(self) -> None:
        """An organisation, its first person, and a survey that is open."""
        name, person = f"Walk {self.number}", f"Anna Adams <anna@{self.slug}.example>"
        self.office.sign_in(create_organisation(self.slug, name, person, clock.now()))
        self.say(f"The organisation “{name}” is made. Anna Adams signed in by a link that works once.")
        self.office.open_survey()
        self.say(
            f"She made a survey of three questions and opened it. Customers answer at {settings().address}/s/{self.slug}"
        )

    def answer(self) -> None:
        """Four people answer on the public page; the clock writes and delivers their receipts."""
        for guest in GUESTS:
            form = self.customer.open(f"/s/{self.slug}?lang={guest.language}")
            thanks = self.customer.send(form, f"/s/{self.slug}", **guest.filled(self.slug))
            self.say(f"{guest.who} gave a {guest.score} {guest.wrote} The page that answers says:")
            self.quote(thanks.words, lines=6)
        self.watch.tick_until_tried(self.addresses, "receipt")
        self.say(f"The clock ticked: receipts are written and delivered ({way_out()}). {RITA.who} reads:")
        self.watch.show_mail(RITA.mail(self.slug))

    def read(self) -> None:
        """The inbox, and the theme that makes two comments one piece of work."""
        for guest in (RITA, SAM):
            self.office.label(guest, "frustrated", "Couriers")
        self.say(
            "Anna opens the inbox; what is owed first stands on top. She gave two comments the theme Couriers."
        )
        self.quote(self.office.inbox().words, lines=12)

    def settle(self) -> None:
        """One action answers two comments; before anybody is told she reads what each of them will read."""
        preview = self.office.preview(RITA, guests.CHANGED, also=(SAM,))
        self.say(
            "She writes down what was done, for both at once, and reads first what each of them will read:"
        )
        self.quote(preview.words)
        self.office.confirm(preview)
        self.office.confirm(self.office.preview(NOBODY, guests.SMALLER))
        self.send_now(RITA, SAM, NOBODY)

    def send_now(self, *who: Guest) -> None:
        """Nothing goes out before the hold has passed, unless a person says so."""
        minutes = settings().hold_minutes
        if minutes:
            self.office.release(*who)
        held = f"For {minutes} minutes she can undo it. She pressed “Send now”."
        self.say(held if minutes else "HOLD_MINUTES is 0 here: nothing is held back.")

    def tell(self) -> None:
        """The digest for who gave only a score; then the clock tells everybody."""
        self.office.approve(guests.DIGEST)
        self.say(f"{NOOR.who} gave a score and no words. Anna approved the digest of this month for her.")
        self.watch.tick_until_tried(self.addresses, "update", "digest")
        self.say(
            f"The clock ticked: everybody was told ({way_out()}). {RITA.who} reads, with her own words and a person's name:"
        )
        self.watch.show_mail(RITA.mail(self.slug))
        self.say(f"{NOOR.who} reads the digest:")
        self.watch.show_mail(NOOR.mail(self.slug))

    def judge(self) -> None:
        """One says yes, one says no: each by the button on a page, since links alone count for nothing."""
        self.press(RITA, "yes", "")
        self.say(f"{RITA.who} followed the link in her mail and pressed yes: this solves it.")
        page = self.press(SAM, "no", guests.STILL)
        self.say(
            f"{SAM.who} pressed no and wrote “{guests.STILL}” The loop is open again, and his page says:"
        )
        self.quote(page.words, lines=6)

    def press(self, guest: Guest, solved: str, words: str) -> Page:
        page = self.customer.open(f"{self.watch.own_page(guest.mail(self.slug))}?solved={solved}")
        return self.customer.send(page, page.address.partition("?")[0], words=words)

    def settle_again(self) -> None:
        """What came back is answered by a person."""
        self.office.confirm(self.office.preview(SAM, guests.AGREED))
        self.say(f"Anna rang {SAM.who}, and wrote down what they agreed.")
        self.send_now(SAM)
        self.watch.tick_until_tried(self.addresses, "receipt")
        self.say(
            f"The clock ticked. {SAM.who} had a mail like this today, and nobody gets two a day: this one goes tomorrow."
        )

    def account(self) -> None:
        found = self.watch.ledger(self.slug)
        self.say(f"Who was told adds up: {equation(found)}")
        if not found.adds_up:
            raise DomainError(f"The ledger does not add up: {equation(found)}")

    def report(self) -> Path:
        """Asked for on the page, drawn by a tick, fetched as a browser does."""
        self.office.ask_report(clock.local_date(clock.now(), settings().timezone))
        self.watch.tick_until(lambda: self.office.report().state in {"ready", "failed"})
        drawn = self.office.report()
        if drawn.state != "ready":
            raise DomainError(drawn.error or f"The report is still {drawn.state}.")
        file = settings().folder / f"{self.slug}.pdf"
        file.write_bytes(self.office.report_file())
        self.say("The report for management is drawn, and lies here:")
        return file
