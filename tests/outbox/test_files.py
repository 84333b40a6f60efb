"""What is attached is known by its content, bounded in number and size, and refused with a reason; nothing is lost of what was written."""

import io
import zipfile
from email.message import EmailMessage

import pytest

from outbox.incoming.files import LARGEST, MOST, kind_of
from outbox.incoming.reading import read
from tests.hostile import WORDS

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
PDF = b"%PDF-1.7\n%%EOF"


def mail(words: str = "See what is attached.") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["In-Reply-To"] = "rita@example.com", "post@shop.example", "<a@b.example>"
    made["Subject"], made["Message-ID"] = "Re: What we did", "<1@mail.example.com>"
    made.set_content(words)
    return made


def attach(made: EmailMessage, content: bytes, name: str, kind: str = "application/octet-stream") -> None:
    main, _, sub = kind.partition("/")
    made.add_attachment(content, maintype=main, subtype=sub, filename=name)


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        for name in names:
            file.writestr(name, "x" * 100)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 64, "image/jpeg"),
        (PDF, "application/pdf"),
        ("Een lijst: één, twee".encode(), "text/plain"),
        (b"MZ" + b"\0" * 300, ""),
        (b"\x7fELF" + b"\0" * 300, ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"  <svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"#!/bin/sh\nrm -rf /", ""),
        (b"%!PS-Adobe", ""),
        (packed("a.txt"), ""),
        (packed("word/document.xml", "word/vbaProject.bin"), ""),
        (b"\x00\x01binary", ""),
        (b"Rar!\x1a\x07\x00" + b"\0" * 64, ""),
    ],
)
def test_it_is_what_its_content_says(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


def test_its_name_decides_nothing_and_leads_nowhere() -> None:
    made = mail()
    attach(made, PNG, "../../etc/passwd", "text/html")
    attach(made, b"MZ" + b"\0" * 300, "photo.jpg", "image/jpeg")
    first, second = read(made.as_bytes()).files
    assert (first.name, first.kind, first.refused) == ("passwd", "image/png", "")
    assert (second.name, second.refused, second.content) == ("photo.jpg", "kind", b"")


def test_thirty_megabytes_are_refused_by_name_and_the_words_are_kept() -> None:
    made = mail("The film of the lamp is attached.")
    attach(made, b"HERE", "lamp.mov")
    attach(made, PDF, "invoice.pdf")
    raw = made.as_bytes().replace(b"SEVSRQ==", (b"A" * 76 + b"\n") * 540_000)
    found = read(raw)
    assert len(raw) > 40_000_000
    assert found.text == "The film of the lamp is attached."
    assert [(f.name, f.refused) for f in found.files] == [("lamp.mov", "size"), ("invoice.pdf", "")]
    assert len(found.raw) <= 500_000


def test_no_more_than_ten_and_no_more_than_they_may_weigh_together() -> None:
    made = mail()
    for n in range(MOST + 2):
        attach(made, PDF, f"{n}.pdf")
    assert [f.refused for f in read(made.as_bytes()).files] == [""] * MOST + ["number"] * 2
    made = mail()
    for n in range(3):
        attach(made, PNG + b"\0" * (LARGEST - 100), f"{n}.png")
    assert [f.refused for f in read(made.as_bytes()).files] == ["", "", "size"]


def test_forwards_within_forwards_are_named_and_their_words_kept() -> None:
    inner = mail("The innermost words.")
    for n in range(3):
        outer = mail(f"Forward {n}")
        outer.add_attachment(inner)
        inner = outer
    found = read(inner.as_bytes())
    assert found.text == "Forward 2"
    texts = [f.content.decode() for f in found.files]
    assert [f.name for f in found.files] == ["forwarded.txt"] * 3
    assert "The innermost words." in texts[-1]
    assert "From: rita@example.com" in texts[-1]


@pytest.mark.parametrize("text", WORDS.values(), ids=list(WORDS))
def test_any_name_can_be_kept(text: str) -> None:
    made = mail()
    attach(made, PDF, "x.pdf")
    raw = made.as_bytes().replace(
        b'"x.pdf"',
        b'"' + text.encode("utf-8", "replace").replace(b"\n", b"").replace(b"\r", b"")[:500] + b'"',
    )
    for file in read(raw).files:
        assert len(file.name) <= 120
        assert file.name.isprintable() or " " not in file.name
        assert not set(file.name) & set("/\\\0\r\n")
        file.name.encode()


def test_words_around_a_picture_are_one_text_and_a_file_below_them_is_a_file() -> None:
    parts = [
        "text/plain\n\nAbove.",
        "image/png; name=a.png\n\n" + "x",
        "text/plain\n\nBelow.",
        'text/plain; name="list.txt"\n\none, two',
    ]
    body = "".join(f"\n--b\nContent-Type: {part}" for part in parts) + "\n--b--\n"
    found = read(f"In-Reply-To: <a@b.example>\nContent-Type: multipart/mixed; boundary=b\n{body}".encode())
    assert found.text == "Above.\nBelow."
    assert [f.name for f in found.files] == ["a.png", "list.txt"]


def test_what_cannot_be_decoded_is_named_or_kept_as_it_came() -> None:
    raw = mail().as_bytes().replace(b"text/plain", b"multipart/mixed; boundary=b") + (
        b"\n--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\n!!!!\n--b--\n"
    )
    found = read(raw)
    assert found.text == "Hello"
    assert [f.name for f in found.files] == ["a.png"]


def test_an_unknown_charset_is_read_as_well_as_can_be_and_said() -> None:
    raw = mail("De lamp is kapot.").as_bytes().replace(b'charset="utf-8"', b'charset="x-klingon"')
    found = read(raw)
    assert found.text == "De lamp is kapot."
    assert found.remarks == (("charset", "x-klingon"),)


def test_what_goes_round_in_circles_is_no_answer() -> None:
    found = read(b"Received: from a by b\n" * 60 + mail().as_bytes())
    assert (found.kind, found.remarks) == ("other", (("loop", ""),))


def test_a_mail_of_ours_that_comes_back_is_no_answer() -> None:
    made = mail()
    del made["Message-ID"]
    made["Message-ID"], made["Feedback-ID"] = (
        f"<{'0' * 32}@shop.example>",
        "update:service:webshop:terugkoppel",
    )
    assert read(made.as_bytes()).kind == "other"
