"""Templates compiled once for all applications of a test run, and all its processes: a fresh one would compile each page anew."""

import os
from contextlib import suppress
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Kept in this process, and in `folder` for its sisters; a template that changed has another checksum."""

    folder: Path | None = None

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key not in self._kept and self.folder:
            with suppress(FileNotFoundError):
                self._kept[bucket.key] = (self.folder / bucket.key).read_bytes()
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()
        if self.folder:
            unfinished = self.folder / f"{bucket.key}.{os.getpid()}"
            unfinished.write_bytes(self._kept[bucket.key])
            unfinished.replace(self.folder / bucket.key)


COMPILED = Compiled()
