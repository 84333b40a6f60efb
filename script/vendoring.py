"""Takes the few files that pages, PDFs and tests need out of node_modules, with their licences."""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static" / "vendor"
TESTS = ROOT / "tests" / "vendor"
FONTS = STATIC / "fonts"

PIECES = {
    "@picocss/pico/css/pico.min.css": STATIC / "pico.min.css",
    "htmx.org/dist/htmx.min.js": STATIC / "htmx.min.js",
    "axe-core/axe.min.js": TESTS / "axe.min.js",
}
LICENCES = {
    "@picocss/pico/LICENSE.md": STATIC / "licences" / "pico.txt",
    "htmx.org/LICENSE": STATIC / "licences" / "htmx.txt",
    "@fontsource/source-sans-3/LICENSE": STATIC / "licences" / "source-sans-3.txt",
    "@fontsource/noto-sans-arabic/LICENSE": STATIC / "licences" / "noto-sans-arabic.txt",
    "@fontsource/noto-sans-hebrew/LICENSE": STATIC / "licences" / "noto-sans-hebrew.txt",
    "@fontsource/noto-emoji/LICENSE": STATIC / "licences" / "noto-emoji.txt",
    "axe-core/LICENSE": TESTS / "axe-LICENSE.txt",
}

# A page takes one variable file a slant; WeasyPrint wants one file a weight.
SCREEN = [
    ("@fontsource-variable/source-sans-3/wght.css", r"source-sans-3-latin(-ext)?-wght-normal"),
    ("@fontsource-variable/source-sans-3/wght-italic.css", r"source-sans-3-latin(-ext)?-wght-italic"),
]
PRINT = [
    (
        "@fontsource/source-sans-3/400.css",
        r"source-sans-3-(latin|greek|cyrillic|vietnamese)(-ext)?-400-normal",
    ),
    ("@fontsource/source-sans-3/400-italic.css", r"source-sans-3-latin(-ext)?-400-italic"),
    ("@fontsource/source-sans-3/600.css", r"source-sans-3-latin(-ext)?-600-normal"),
    ("@fontsource/source-sans-3/700.css", r"source-sans-3-latin(-ext)?-700-normal"),
    ("@fontsource/noto-sans-arabic/400.css", r"noto-sans-arabic-arabic-400-normal"),
    ("@fontsource/noto-sans-arabic/700.css", r"noto-sans-arabic-arabic-700-normal"),
    ("@fontsource/noto-sans-hebrew/400.css", r"noto-sans-hebrew-hebrew-400-normal"),
    ("@fontsource/noto-sans-hebrew/700.css", r"noto-sans-hebrew-hebrew-700-normal"),
    ("@fontsource/noto-emoji/400.css", r"noto-emoji-\d+-400-normal"),
]

FACE = re.compile(r"@font-face \{.*?\n\}", re.DOTALL)
FILE = re.compile(r"url\(\./files/([\w-]+)\.woff2\)")
SOURCE = re.compile(r"src: .*;")
HEADER = "/* Made by script/vendor from @fontsource; do not edit. */\n"


def main(modules: Path) -> None:
    for folder in (STATIC, TESTS):
        shutil.rmtree(folder, ignore_errors=True)
    for source, target in (PIECES | LICENCES).items():
        _copy(modules / source, target)
    _sheet(modules, SCREEN, FONTS / "screen.css", "")
    _sheet(modules, PRINT, FONTS / "print.css", "asset:")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _sheet(modules: Path, wanted: list[tuple[str, str]], target: Path, scheme: str) -> None:
    """One stylesheet with the wanted faces, their files beside it; `scheme` goes before each file's name."""
    faces = [_face(modules, sheet, pattern, scheme) for sheet, pattern in wanted]
    target.write_text(HEADER + "\n".join(faces) + "\n")


def _face(modules: Path, sheet: str, pattern: str, scheme: str) -> str:
    css = modules / sheet
    chosen = [(FILE.search(face), face) for face in FACE.findall(css.read_text())]
    kept = [(found[1], face) for found, face in chosen if found and re.fullmatch(pattern, found[1])]
    if not kept:
        raise SystemExit(f"{sheet} has no face {pattern}: did the package change its names?")
    for name, _ in kept:
        _copy(css.parent / "files" / f"{name}.woff2", FONTS / f"{name}.woff2")
    return "\n".join(_from_here(name, face, scheme) for name, face in kept)


def _from_here(name: str, face: str, scheme: str) -> str:
    return SOURCE.sub(f'src: url("{scheme}{name}.woff2") format("woff2");', face)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
