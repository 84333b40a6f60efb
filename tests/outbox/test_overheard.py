"""What is written down of a conversation with a mail server: every line, bounded, and nothing secret."""

from base64 import b64encode

import pytest

from outbox.channels.overheard import HIDDEN, LONGEST, Heard, Line


def heard(user: str = "alice", password: str = "p@ss") -> tuple[Heard, list[Line]]:
    lines: list[Line] = []
    return Heard(lines, user, password), lines


def test_our_words_and_theirs_are_told_apart() -> None:
    talk, lines = heard()
    talk.ours("ehlo shop\r\n")
    talk.theirs(250, b"hello\nSIZE 1000")
    assert lines == [
        Line(True, "ehlo shop"),
        Line(False, "250 hello"),
        Line(False, "250 SIZE 1000"),
    ]


def test_a_reply_without_words_is_a_line_too() -> None:
    talk, lines = heard()
    talk.theirs(250, b"")
    assert lines == [Line(False, "250")]


def test_while_we_sign_in_only_the_kind_is_written_down() -> None:
    talk, lines = heard()
    talk.in_secret = True
    talk.ours("AUTH PLAIN AGFsaWNlAHBAc3M=\r\n")
    talk.ours("cEBzcw==\r\n")
    assert [line.words for line in lines] == [f"AUTH {HIDDEN}", HIDDEN]


@pytest.mark.security("secrets in logs")
@pytest.mark.parametrize(
    "secret",
    [b"p@ss", b64encode(b"p@ss"), b64encode(b"\0alice\0p@ss")],
)
def test_a_server_that_repeats_the_password_is_not_quoted(secret: bytes) -> None:
    talk, lines = heard()
    talk.theirs(535, b"5.7.8 no such password: " + secret)
    assert lines == [Line(False, f"535 5.7.8 no such password: {HIDDEN}")]


def test_without_a_password_nothing_is_taken_out() -> None:
    talk, lines = heard("", "")
    talk.theirs(220, b"welcome")
    assert lines == [Line(False, "220 welcome")]


def test_a_line_is_bounded_and_can_be_printed() -> None:
    talk, lines = heard()
    talk.theirs(250, b"\x1b[31m" + b"x" * 10_000)
    assert len(lines[0].words) == LONGEST
    assert lines[0].words.isprintable()
