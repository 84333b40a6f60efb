"""The organisation's logo: what is taken, what becomes of it, where it stands, and what is refused with a sentence."""

import io
import random
import re
import struct
import zlib
from base64 import b64decode
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, PngImagePlugin
from sqlalchemy import select

from accounts import logos
from accounts.models_logo import Logo
from accounts.pictures import PRINTED_BYTES, SHOWN, SHOWN_BYTES, Picture, redrawn
from core.db import db, writing
from core.errors import DomainError
from core.models import Event
from script.benchmarks.page import BYTES, REQUESTS, first_visit
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import alice, bob, charlie, monday, survey
from tests.pages import Page, get

__all__ = ["alice", "bob", "charlie", "monday", "survey"]
ADDRESS = "/settings/organisation"
SECRET = "taken at the kitchen table"


def picture(size: tuple[int, int] = (300, 80), kind: str = "PNG", mode: str = "RGB", **save: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, "#a03020").save(written, kind, **save)
    return written.getvalue()


def noise(width: int, height: int) -> bytes:
    """As hard to make small as a photo can be."""
    written = io.BytesIO()
    Image.frombytes("RGB", (width, height), random.Random(1).randbytes(3 * width * height)).save(
        written, "PNG"
    )
    return written.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A head that promises gigabytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    )


def sent(who: Colleague, content: bytes, name: str = "logo.png") -> Page:
    form = {"logo": (io.BytesIO(content), name)}
    return Page(who.post(f"{ADDRESS}/logo", data=form, follow_redirects=True))


def test_it_stands_above_public_pages_and_under_settings(
    alice: Colleague, client: FlaskClient, survey: Survey, people: Cast
) -> None:
    client.get("/s/bestelling")  # drawn, and kept, without it
    assert "Saved." in sent(alice, picture()).words
    (shown,) = images(get(client, "/s/bestelling"))
    assert shown.attrib["alt"] == people.webshop.name
    drawn = Image.open(io.BytesIO(b64decode(shown.attrib["src"].removeprefix("data:image/png;base64,"))))
    assert (drawn.format, drawn.size) == ("PNG", (300, 80))
    assert len(images(get(alice, ADDRESS))) == 1
    event = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event
    assert (event.verb, event.detail) == ("organisation.changed", {"fields": ["logo"]})


def images(page: Page) -> list:  # type: ignore[type-arg]
    return [e for e in page.tree.iter("img") if e.attrib["src"].startswith("data:image/png")]


def test_taken_away_the_name_stands_there_again_and_the_picture_is_kept_for_reports(
    alice: Colleague, client: FlaskClient, survey: Survey, people: Cast
) -> None:
    sent(alice, picture())
    number = people.webshop.logo
    assert alice.post(f"{ADDRESS}/logo/removal").status_code == 303
    page = get(client, "/s/bestelling")
    assert images(page) == []
    assert people.webshop.name in page.words
    assert logos.printed(people.webshop.id, number)


def test_the_first_page_stays_light_with_the_heaviest_logo(
    alice: Colleague, client: FlaskClient, survey: Survey
) -> None:
    sent(alice, noise(700, 300))
    visit = first_visit(client, "/s/bestelling")
    assert len(visit.addresses) <= REQUESTS
    assert visit.bytes <= BYTES
    assert len(images(get(client, "/s/bestelling"))) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: noise(1500, 900), lambda: picture((4000, 4000)), lambda: picture((3000, 20)), lambda: picture(kind="JPEG"),
        lambda: picture(mode="L"), lambda: picture(mode="RGBA"), lambda: picture(mode="CMYK", kind="JPEG"), lambda: picture(mode="1"),
    ],
)  # fmt: skip
def test_whatever_it_was_both_pictures_stay_within_their_bounds(make: Callable[[], bytes]) -> None:
    found = redrawn(make())
    for content, most in ((found.printed, PRINTED_BYTES), (found.shown, SHOWN_BYTES)):
        assert len(content) <= most
        assert Image.open(io.BytesIO(content)).format == "PNG"
    width, height = Image.open(io.BytesIO(found.shown)).size
    assert width <= SHOWN[0]
    assert height <= SHOWN[1]
    assert redrawn(make()) == found, "the same picture, the same bytes"


def test_nothing_but_its_points_is_kept() -> None:
    """No comment, no place, no profile, and nothing behind its end."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SECRET)
    exif = Image.Exif()
    exif[0x010E] = SECRET
    content = picture(pnginfo=told, exif=exif, icc_profile=SECRET.encode()) + SECRET.encode()
    found = redrawn(content)
    for kept in (found.printed, found.shown):
        assert SECRET.encode() not in kept
        assert not {b"tEXt", b"eXIf", b"iCCP", b"zTXt", b"iTXt"} & set(re.findall(rb"[a-zA-Z]{4}", kept))


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = redrawn(picture((300, 80), "JPEG", exif=exif))
    assert Image.open(io.BytesIO(found.shown)).size[0] < 80


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "Choose a file first."),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "An SVG can carry programs"),
    (b'<?xml version="1.0"?><!-- x --><SVG onload="alert(1)"/>', "An SVG can carry programs"),
    (b"GIF89a" + bytes(100), "This is no picture that can be read."),
    (b"%PDF-1.7", "This is no picture that can be read."),
    (picture()[:60], "This is no picture that can be read."),
    (picture()[:-30], "This is no picture that can be read."),
    (b"\x89PNG\r\n\x1a\n" + bytes(40), "This is no picture that can be read."),
    (b"\xff\xd8\xff\xe0" + bytes(40), "This is no picture that can be read."),
    (bomb(30_000, 30_000), "This picture has too many points."),
    (bomb(5_000, 5_000), "This picture has too many points."),
    (bomb(2**31 - 1, 2**31 - 1), "This picture has too many points."),
    (bomb(4_000, 4_000), "This is no picture that can be read."),
    (picture((8, 8)), "too small to be seen"),
    (picture((4_000, 3)), "too small to be seen"),
])  # fmt: skip
def test_what_cannot_be_one_is_a_sentence_that_says_what_to_do(
    content: bytes, sentence: str, english: None
) -> None:
    with pytest.raises(DomainError, match=re.escape(sentence)):
        redrawn(content)


def test_a_refusal_keeps_the_logo_that_was_there_and_all_that_stands_in_the_record(
    alice: Colleague, people: Cast
) -> None:
    sent(alice, picture())
    number = people.webshop.logo
    page = sent(alice, b"<svg><script>alert(1)</script></svg>", "logo.svg")
    assert page.status == 422
    assert "An SVG can carry programs and is not taken." in page.words
    assert people.webshop.name in {e.attrib.get("value") for e in page.tree.iter("input")}
    assert people.webshop.logo == number
    assert len(images(page)) == 1


def test_forty_megabytes_are_refused_unread_with_how_much_is_taken(alice: Colleague, people: Cast) -> None:
    answer = alice.post(
        f"{ADDRESS}/logo", data={"logo": (io.BytesIO(bytes(1024)), "x.png")}, environ_overrides={"CONTENT_LENGTH": str(40 * 2**20)}
    )  # fmt: skip
    assert answer.status_code == 413
    assert "larger than 2 MB" in Page(answer).words
    assert people.webshop.logo == ""


def test_the_same_picture_is_kept_once_and_by_each_organisation_for_itself(
    people: Cast, now: datetime
) -> None:
    drawing = Picture(b"printed", b"shown")
    with writing():
        for organisation in (people.webshop, people.webshop, people.housing):
            logos.adopt(organisation, drawing, now)
    rows = list(db.session.scalars(select(Logo)))
    assert sorted(row.organisation_id for row in rows) == sorted((people.webshop.id, people.housing.id))
    only = Picture(b"another", b"shown")
    with writing():
        logos.adopt(people.housing, only, now)
    assert logos.printed(people.webshop.id, people.housing.logo) is None, "nobody else's"


def test_who_is_no_manager_changes_none(bob: Colleague, people: Cast) -> None:
    assert sent(bob, picture()).status == 403
    assert bob.post(f"{ADDRESS}/logo/removal").status_code == 403
    assert people.webshop.logo == ""


def test_a_colour_that_cannot_be_read_is_taken_and_its_owner_told_what_stands_for_it(
    app: Flask, alice: Colleague
) -> None:
    form = get(alice, ADDRESS).form()
    form.pop("channels", None)
    typed = {**form, "form_of_address": "u", "language": "nl", "accent": "#ffdd00"}
    page = Page(alice.post(ADDRESS, data=typed, follow_redirects=True))
    assert (
        "Words in #ffdd00 could not be read on white: their contrast is 1.3, and 4.5 is needed." in page.words
    )
    dark = Page(alice.post(ADDRESS, data={**typed, "accent": "#224488"}, follow_redirects=True))
    assert "could not be read" not in dark.words
