"""A report reaches nothing but what came with it: no address, no file, whatever stands in its page."""

import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from reports.pdf.manuscripts import Attached
from reports.pdf.rendering import Renderer, RenderError
from tests.reports.pdf.canary import SECRET, Canary, canary
from tests.reports.samples import page

WAYS_OUT = {
    "link attachment": '<link rel="attachment" href="URL">',
    "anchor attachment": '<a rel="attachment" href="URL">x</a>',
    "img": '<img src="URL" alt="x">',
    "img srcset": '<img srcset="URL 2x" src="URL" alt="x">',
    "image-set": '<p style="background-image: image-set(url(URL) 1x)">x</p>',
    "object": '<object data="URL" type="image/png">x</object>',
    "embed": '<embed src="URL" type="image/png">',
    "iframe": '<iframe src="URL"></iframe>',
    "@import": "<style>@import url(URL);</style>",
    "@font-face": "<style>@font-face { font-family: F; src: url(URL) } p { font-family: F }</style><p>x</p>",
    "background": '<p style="background: url(URL)">x</p>',
    "list-style": '<ul style="list-style-image: url(URL)"><li>x</ul>',
    "border-image": '<p style="border: 1px solid; border-image: url(URL) 1">x</p>',
    "cursor": '<p style="cursor: url(URL), auto">x</p>',
    "content": "<style>p::before { content: url(URL) }</style><p>x</p>",
    "color-profile": "<style>@color-profile --p { src: url(URL) }</style>",
    "svg image": '<svg width="9" height="9"><title>t</title><image href="URL" width="9" height="9"/></svg>',
    "svg use": '<svg width="9" height="9"><title>t</title><use href="URL#a"/></svg>',
    "svg style": '<svg width="9" height="9"><title>t</title><style>@import url(URL);</style></svg>',
    "input image": '<input type="image" src="URL" alt="x">',
    "video poster": '<video poster="URL"></video>',
    "base href": '<base href="URL/"><img src="x.png" alt="x">',
    "stylesheet link": '<link rel="stylesheet" href="URL">',
    "xml stylesheet": '<?xml-stylesheet href="URL"?>',
    "meta refresh": '<meta http-equiv="refresh" content="0;url=URL">',
    "data": "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='URL'/></svg>\" alt=\"x\">",
}


@pytest.fixture(scope="module")
def secret() -> Iterator[Canary]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with canary(Path(folder)) as found:
            yield found


def test_the_canary_sings_when_it_is_reached(secret: Canary) -> None:
    with urllib.request.urlopen(f"{secret.url}/redirect") as answer:
        assert answer.read() == SECRET
    assert secret.hits == ["/redirect", "/redirected"]
    secret.hits.clear()


@pytest.mark.security("ssrf through the pdf")
@pytest.mark.parametrize("way", WAYS_OUT)
def test_no_way_out(way: str, renderer: Renderer, secret: Canary) -> None:
    for url in (f"{secret.url}/redirect", secret.file.as_uri()):
        assert SECRET not in drawn(renderer, WAYS_OUT[way].replace("URL", url))
    assert secret.hits == []


def drawn(renderer: Renderer, body: str) -> bytes:
    """What the PDF holds; nothing where the renderer refused to draw."""
    try:
        return streams(renderer.draw(page(body)).pdf)
    except RenderError:
        return b""


def streams(pdf: bytes) -> bytes:
    """Every stream, unpacked."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return b"".join(o.read_bytes() for o in opened.objects if isinstance(o, pikepdf.Stream))


def test_the_secret_would_be_found_where_it_is(renderer: Renderer) -> None:
    drawing = page("<p>x")
    attached = replace(drawing, attachments=(Attached("a.txt", "a file", SECRET),))
    assert SECRET in streams(renderer.draw(attached).pdf)
    assert SECRET not in streams(renderer.draw(drawing).pdf)


def test_what_came_with_it_is_served(renderer: Renderer) -> None:
    assets = {"red.css": b"p { color: red }"}
    assert renderer.draw(page('<link rel="stylesheet" href="asset:red.css"><p>x', assets)).pdf
    with pytest.raises(RenderError, match=r"asset:blue\.css"):
        renderer.draw(page('<link rel="stylesheet" href="asset:blue.css"><p>x', assets))


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ],
)
def test_the_second_lock_refuses_sockets_and_programs(deed: str) -> None:
    program = f"from reports.pdf import confinement; confinement.forbid(); {deed}"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "is not for the renderer" in ended.stderr
