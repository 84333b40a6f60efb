"""A real IMAP server on a loopback port: Dovecot, without rights of its own, with one mailbox in a folder that goes."""

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.postgresql import end_with_parent
from tests.waiting import until

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
COMMON = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
ssl = no
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""
UNTIL_2_3 = """
disable_plaintext_auth = no
mail_location = maildir:~/mail
passdb {{
  driver = passwd-file
  args = {folder}/people
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
"""
SINCE_2_4 = """
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ~/mail
passdb passwd-file {{
  passwd_file_path = {folder}/people
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {folder}/home
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`post@shop.example`, whose mail is read at `url`."""

    port: int
    home: Path

    @property
    def url(self) -> str:
        return f"imap://post%40shop.example:a%20secret@127.0.0.1:{self.port}"

    def put(self, raw: bytes) -> None:
        """As a mail server delivers it."""
        with self._opened() as box:
            box.append("INBOX", "", "", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def empty(self) -> None:
        """As it was when it was made."""
        with self._opened() as box:
            for line in box.list()[1]:
                name = line.decode().rpartition(" ")[2].strip('"') if isinstance(line, bytes) else ""
                box.select(name)
                if held := box.search(None, "ALL")[1][0].split():
                    box.store(f"1:{len(held)}", "+FLAGS", "(\\Deleted)")
                    box.expunge()

    def unseen(self) -> int:
        return self._count("INBOX", "UNSEEN")

    def all_in(self, folder: str = "INBOX") -> int:
        return self._count(folder, "ALL")

    def _count(self, folder: str, which: str) -> int:
        with self._opened() as box:
            box.select(folder, readonly=True)
            return len(box.search(None, which)[1][0].split())

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port) as box:
            box.login("post@shop.example", "a secret")
            yield box


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Skips, as not run, where Dovecot is not installed."""
    if not PROGRAM:
        pytest.skip("not run: Dovecot is not installed (apt-get install dovecot-imapd)")
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    try:
        found = Mailbox(_free_port(), folder / "home")
        command = [PROGRAM, "-F", "-c", _configured(folder, found.port)]
        process = subprocess.Popen(command, preexec_fn=end_with_parent, **_without_rights())  # noqa: PLW1509
        try:
            _wait_for(process, found, folder)
            yield found
        finally:
            process.terminate()
            process.wait(10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _configured(folder: Path, port: int) -> str:
    owner = _owner()
    version = (
        subprocess.run([PROGRAM or "", "--version"], capture_output=True, text=True, check=True)
        .stdout.split()[0]
        .partition("-")[0]
    )
    modern = tuple(map(int, version.split(".")[:2])) >= (2, 4)
    head = f"dovecot_config_version = {version}\ndovecot_storage_version = {version}\n" if modern else ""
    values = {
        "folder": folder,
        "port": port,
        "user": owner.pw_name,
        "group": _group(owner),
        "uid": owner.pw_uid,
        "gid": owner.pw_gid,
    }
    (folder / "people").write_text("post@shop.example:{PLAIN}a secret\n")
    (folder / "conf").write_text(head + (COMMON + (SINCE_2_4 if modern else UNTIL_2_3)).format(**values))
    for name in ("run", "state", "home"):
        (folder / name).mkdir()
    if os.geteuid() == 0:
        for file in (folder, *folder.iterdir()):
            os.chown(file, owner.pw_uid, owner.pw_gid)
    return str(folder / "conf")


def _owner() -> pwd.struct_passwd:
    """Whoever runs the tests; root may not have mail there."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.getuid())


def _group(owner: pwd.struct_passwd) -> str:
    import grp

    return grp.getgrgid(owner.pw_gid).gr_name


def _without_rights() -> dict[str, Any]:
    owner = _owner()
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}


def _wait_for(process: "subprocess.Popen[bytes]", found: Mailbox, folder: Path) -> None:
    """Until it lets us in; its log where it does not."""

    def lets_in() -> bool:
        if process.poll() is not None:
            raise RuntimeError((folder / "log").read_text() or "Dovecot ended and wrote no log")
        try:
            found.all_in()
        except (OSError, imaplib.IMAP4.error):
            return False
        return True

    until(lets_in, seconds=20)
