"""Only the faces that a text needs come along."""

import pytest

from reports.pdf.typefaces import FILE, typefaces


def test_dutch_needs_the_latin_faces_alone() -> None:
    found = typefaces("Eén café, 12 reacties – ‘goed’ · €")
    assert set(found) == {
        "print.css",
        *(f"source-sans-3-latin-{weight}-normal.woff2" for weight in (400, 600, 700)),
    }


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("Łódź", "latin-ext-400"),
        ("Ελλάδα", "greek-400"),
        ("Привет", "cyrillic-400"),
        ("شكرا", "arabic-arabic-400"),
        ("תודה", "hebrew"),
        ("😀", "noto-emoji"),
    ],
)
def test_other_scripts_bring_their_own(text: str, file: str) -> None:
    assert any(file in name for name in typefaces(text))


def test_every_file_the_style_names_comes_with_it() -> None:
    found = typefaces("Łódź Ελλάδα Привет شكرا תודה 😀")
    assert set(FILE.findall(found["print.css"].decode())) == set(found) - {"print.css"}
