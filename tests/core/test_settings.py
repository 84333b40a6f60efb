"""Settings: from the environment or from files; each bad one is one sentence, before anything starts."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import SettingsError
from core.secret_files import own_key
from core.settings import ROOT, Settings, load_settings

KEY = "x" * 32
BAD = [
    ("DATABASE_URL", "mysql://host/name", "it looks like sqlite:////var/lib/terugkoppel/data.db"),
    ("DATABASE_URL", "sqlite:///:memory:", "it looks like sqlite:////var/lib/terugkoppel/data.db"),
    ("DATABASE_URL", "sqlite:///", "it looks like sqlite:////var/lib/terugkoppel/data.db"),
    ("DATABASE_URL", "postgresql://host:port/name", "or postgresql://user:pass@host/name"),
    ("SMTP_URL", "mail.example.org", "it looks like smtp://user:pass@host:587?starttls=1"),
    ("SMTP_URL", "smtp://host:99999", "it looks like smtp://user:pass@host:587?starttls=1"),
    ("SMTP_URL", "smtp://", "it looks like smtp://user:pass@host:587?starttls=1"),
    ("IMAP_URL", "pop3://host", "it looks like imaps://user:pass@host"),
    ("PUBLIC_URL", "feedback.example.org", "it looks like https://feedback.example.org"),
    ("PUBLIC_URL", "ftp://feedback.example.org", "it looks like https://feedback.example.org"),
    ("ALERT_URL", "the boss", "it looks like https://feedback.example.org"),
    ("MAIL_FROM", "Feedback <a@example.org>", "it looks like feedback@example.org"),
    ("MAIL_FROM", "a@example.org\nBcc: b@example.org", "it looks like feedback@example.org"),
    ("MAIL_DOMAIN", "a@b", "it looks like example.org"),
    ("HOLD_MINUTES", "-1", "greater than or equal to 0"),
    ("HOLD_MINUTES", "1441", "less than or equal to 1440"),
    ("HOLD_MINUTES", "soon", "a valid integer"),
    ("TIMEZONE", "Mars/Olympus", "an example is Europe/Amsterdam"),
    ("TIMEZONE", "../../etc/passwd", "an example is Europe/Amsterdam"),
    ("PROXY_HOPS", "6", "less than or equal to 5"),
    ("LOG_LEVEL", "LOUD", "it is one of DEBUG, INFO, WARNING, ERROR"),
    ("PORT", "0", "greater than or equal to 1"),
    ("PORT", "65536", "less than or equal to 65535"),
    ("WEB_PROCESSES", "0", "greater than or equal to 1"),
    ("WEB_PROCESSES", "2", "needs PostgreSQL"),
    ("SECRET_KEY", "secret", "at least 32 characters"),
    ("SECRET_KEY_FALLBACKS", f"{KEY},short", "at least 32 characters"),
    ("DATA_DIR", __file__, "cannot be used"),
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """None of our settings, but for a place to write."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


def refusal() -> str:
    with pytest.raises(SettingsError) as found:
        load_settings()
    return found.value.sentence


@pytest.mark.parametrize(("name", "value", "part"), BAD)
def test_a_bad_setting_is_one_sentence_that_says_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    monkeypatch.setenv(name, value)
    said = refusal()
    assert part in said
    assert name in said or "DATA_DIR" in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "smpt://user:hunter2@host"),
        ("DATABASE_URL", "mysql://user:hunter2@host/name"),
        ("IMAP_URL", "pop://user:hunter2@host"),
        ("ALERT_URL", "ftp://user:hunter2@host"),
        ("SECRET_KEY", "hunter2"),
    ],
)
def test_a_password_is_never_printed(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert "hunter2" not in refusal()


def test_without_any_setting_it_works(tmp_path: Path) -> None:
    found = load_settings()
    assert (found.sqlite, found.hold_minutes, found.address, found.smtp_url) == (
        True,
        15,
        "http://127.0.0.1:8000",
        "",
    )


def test_an_empty_setting_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLD_MINUTES", "")
    assert load_settings().hold_minutes == 15


def test_a_setting_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "hold").write_text("30\n")
    monkeypatch.setenv("HOLD_MINUTES_FILE", str(tmp_path / "hold"))
    assert load_settings().hold_minutes == 30
    monkeypatch.setenv("HOLD_MINUTES", "")
    assert load_settings().hold_minutes == 30
    monkeypatch.setenv("HOLD_MINUTES", "5")
    assert load_settings().hold_minutes == 5


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SMTP_URL_FILE", str(tmp_path / "nothing"))
    assert (
        refusal()
        == f"SMTP_URL_FILE names {tmp_path / 'nothing'}, which cannot be read: No such file or directory."
    )
    (tmp_path / "nothing").write_bytes(b"\xff\xfe")
    assert refusal() == f"SMTP_URL_FILE names {tmp_path / 'nothing'}, which holds no text."


def test_a_key_that_others_can_read_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(0o644)
    monkeypatch.setenv("SECRET_KEY_FILE", str(file))
    assert refusal() == f"Others can read {file}. Run: chmod 600 {file}"
    file.chmod(0o600)
    assert load_settings().keys == (KEY,)


def test_a_key_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    first, second = load_settings().keys, load_settings().keys
    assert first == second
    assert len(first[0]) >= 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_a_key_of_ones_own_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_settings()
    (tmp_path / "secret_key").chmod(0o640)
    assert refusal().startswith("Others can read")


def test_a_key_that_was_emptied_is_refused(tmp_path: Path) -> None:
    load_settings()
    (tmp_path / "secret_key").write_text("")
    assert "is too short" in refusal()


def test_a_place_to_write_is_enough_where_nobody_chose_a_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A fresh copy has no folder of its own yet; SQLite makes a file, and no folder."""
    monkeypatch.setattr("core.settings.ROOT", tmp_path / "fresh")
    found = load_settings()
    assert found.database == f"sqlite:///{tmp_path}/fresh/instance/terugkoppel.db"
    assert (tmp_path / "fresh" / "instance").is_dir()


def test_many_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(own_key, [tmp_path] * 8))) == 1


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_ALLOW", "example.org, example.com,")
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{'y' * 32},{'z' * 32}")
    found = load_settings()
    assert found.mail_allow == ("example.org", "example.com")
    assert found.keys == (KEY, "y" * 32, "z" * 32)


def test_a_command_prints_the_sentence_and_no_trace() -> None:
    command = [str(Path(sys.executable).with_name("flask")), "survey", "list"]
    found = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PORT": "http"}, capture_output=True, text=True, check=False
    )
    assert found.returncode == 1
    assert found.stderr.splitlines() == [
        "Error: The setting PORT cannot be 'http': Input should be a valid integer, unable to parse string as an integer."
    ]
