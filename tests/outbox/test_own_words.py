"""What somebody wrote, out of what their mail program sent: Gmail, Outlook, Apple Mail and Thunderbird in four languages."""

from pathlib import Path
from time import process_time

import pytest

from outbox.incoming import html_words
from outbox.incoming.own_words import own_words, unflowed
from outbox.incoming.reading import read

SAMPLES = Path(__file__).parent / "replies"
NAMES = sorted(file.stem for file in SAMPLES.glob("*.eml"))


def sample(name: str) -> bytes:
    text = (SAMPLES / f"{name}.eml").read_text()
    return text.replace("{{TOKEN}}", "1.1." + "a" * 26).replace("{{KEY}}", "0" * 32).encode()


def test_there_are_forty_samples_of_four_languages_and_three_programs() -> None:
    assert len(NAMES) >= 40
    for language in ("nl", "en", "de", "fr"):
        for program in ("gmail", "outlook", "apple"):
            assert [n for n in NAMES if n.startswith(program) and n.endswith(language)], (program, language)


@pytest.mark.parametrize("name", NAMES)
def test_it_is_what_the_person_wrote(name: str) -> None:
    found = read(sample(name))
    assert found.kind == "reply"
    assert found.text == (SAMPLES / f"{name}.txt").read_text().strip()


@pytest.mark.parametrize("name", NAMES)
def test_each_belongs_to_a_conversation(name: str) -> None:
    found = read(sample(name))
    assert found.thread[0] == f"<{'0' * 32}@shop.example>"
    assert found.thread[-1].endswith("@mail.example.com>")
    assert (found.sender, found.sender_name) == ("rita@example.com", "Rita Ritsema")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("> Did it come?\nYes.\n\n> And the lamp?\nNo, it is broken.", "Yes.\n\nNo, it is broken."),
        ("On 3 Nov 2026 at 10:31, Alice <a@b.example> wrote:\n> Did it come?\n\nYes, it did.", "Yes, it did."),
        ("On Monday I wrote:\nthe lamp is broken.", "On Monday I wrote:\nthe lamp is broken."),
        ("Am Montag schrieb ich Ihnen:\ndie Lampe.", "Am Montag schrieb ich Ihnen:\ndie Lampe."),
        ("From: here to there it is far.", "From: here to there it is far."),
        ("Van: mij\nAan: jullie\nBedankt.", "Van: mij\nAan: jullie\nBedankt."),
        ('Ja\n\nGesendet: Montag, 23. November 2026 um 10:31\nVon: "Alice" <a@b.example>\nAn: rita@example.com\nBetreff: AW\n\nHallo', "Ja"),
        ("Ok\n-------- Oorspronkelijk bericht --------\nVan: Alice <a@b.example>\nDag", "Ok"),
        ("Ja graag\n\nVerzonden vanaf mijn Galaxy", "Ja graag"),
        ("Sent from my garden: the roses bloom.", "Sent from my garden: the roses bloom."),
        ("-- \nRita", "-- \nRita"),
        ("a -- b\n--- c ---\nd", "a -- b\n--- c ---\nd"),
        ("", ""),
        ("> only\n> quoted", "> only\n> quoted"),
    ],
)  # fmt: skip
def test_only_what_a_program_wrote_goes(text: str, kept: str) -> None:
    assert own_words(text) == kept


def test_lines_that_flow_are_one_paragraph_again() -> None:
    text = "This is a line \nthat goes on.\nNew one\n> quoted \n> too\n-- \nRita\n From the margin"
    assert unflowed(text) == "This is a line that goes on.\nNew one\n> quoted too\n-- \nRita\nFrom the margin"
    assert unflowed("Donau \ndampf", without_space=True) == "Donaudampf"


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"),
        ("One<br>Two", "One\nTwo"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<script>alert(1)</script><style>p {}</style>Yes", "Yes"),
        ("Yes<!-- <p>no</p> --><!--[if mso]><p>no</p><![endif]-->", "Yes"),
        ("<blockquote type=cite><blockquote>in</blockquote>quoted</blockquote>mine", "mine"),
        ("<blockquote>I quote a poem</blockquote>mine", "I quote a poem\nmine"),
        ("<div class=gmail_quote>only a quote</div>", "only a quote"),
        ("<p>unclosed", "unclosed"),
        ("1 < 2 and <b>bold", "1 < 2 and bold"),
    ],
)
def test_html_is_read_as_it_is_seen(html: str, seen: str) -> None:
    assert html_words.seen(html) == seen


@pytest.mark.parametrize(
    "piece", ["<!--", "<div class=gmail_quote>", "<blockquote type=cite>", "<div border:none;border-top:", "&#", "<a b='>", "On 10:31 ", "Von: x\n", "Am 2026\n", "-" * 30]
)  # fmt: skip
def test_hostile_pieces_take_no_time(piece: str) -> None:
    started = process_time()
    text = piece * (100_000 // len(piece))
    html_words.seen(text)
    own_words(text)
    unflowed(text)
    assert process_time() - started < 2
