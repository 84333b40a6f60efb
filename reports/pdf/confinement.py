"""What the renderer may not do: keep root's rights, reach a network, start programs, use endless memory or time."""

import contextlib
import ctypes
import os
import pwd
import resource
import signal
import sys
from typing import Any

NEW_NETWORK, NEW_USER = 0x40000000, 0x10000000  # <linux/sched.h>
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, <linux/prctl.h>
CPU_GRACE = 5  # seconds: the wall clock strikes first, and says why
REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "urllib.")


def give_up_rights() -> None:
    """Leave the network and root behind for good; what cannot be left is refused by `forbid`."""
    root = os.geteuid() == 0
    _call("unshare", NEW_NETWORK if root else NEW_NETWORK | NEW_USER)
    if root:
        _become(pwd.getpwnam("nobody"))
    os.umask(0o077)


def _become(person: pwd.struct_passwd) -> None:
    os.setgroups([])
    os.setgid(person.pw_gid)
    os.setuid(person.pw_uid)


def bound(seconds: int, memory: int) -> None:
    """Limit this process to some `seconds` of CPU and `memory` bytes of address space; it ends with its parent."""
    _call("prctl", DIE_WITH_PARENT, signal.SIGKILL)
    for kind, limit in (
        (resource.RLIMIT_CPU, seconds + CPU_GRACE),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS refuses some limits
            resource.setrlimit(kind, (limit, limit))


def forbid() -> None:
    """Refuse sockets and programs from here on, whatever asks for them: a second lock behind the fetcher's."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(REFUSED):
        raise PermissionError(f"{event} is not for the renderer")


def _call(name: str, *arguments: int) -> None:
    """A call into the C library where it has one; Linux does, others go without."""
    with contextlib.suppress(AttributeError, OSError):
        getattr(ctypes.CDLL(None), name)(*arguments)
