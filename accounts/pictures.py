"""A picture that somebody uploads is drawn anew, point by point: nothing that came with it is kept or served."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from core.errors import DomainError

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG")
MOST_POINTS, LEAST_SIDE = 16_000_000, 16
PRINTED, SHOWN = (1200, 400), (360, 112)
"""As wide and as high as it may be at most, in a report and on a page; there a screen draws two points for one."""
AT_FIRST = (2400, 2400)
PRINTED_BYTES, SHOWN_BYTES = 400_000, 6_000
"""A page that a stranger opens first is 30 KB in all, and the logo comes within it."""
COLOURS = (256, 64, 16)


@dataclass(frozen=True, slots=True)
class Picture:
    """The same picture twice, as PNG: to be printed, and to stand in a page."""

    printed: bytes
    shown: bytes


def redrawn(sent: bytes) -> Picture:
    """A PNG or JPEG of any size that can be a logo; DomainError with a sentence for everything else."""
    image = _opened(sent)
    return Picture(_encoded(image, PRINTED, PRINTED_BYTES), _encoded(image, SHOWN, SHOWN_BYTES))


def _opened(sent: bytes) -> "Image":
    """Its size is read from its head, before a single point is unpacked: a small file may hold a picture of gigabytes."""
    from PIL import Image, ImageOps

    if not sent:
        raise DomainError(_("Choose a file first."))
    if b"<svg" in sent[:4096].lower():
        raise DomainError(
            _("An SVG can carry programs and is not taken. Save the logo as PNG, with a transparent ground, and send that.")
        )  # fmt: skip
    try:
        with Image.open(io.BytesIO(sent), formats=FORMATS) as found:
            _check(*found.size)
            if found.mode not in {"P", "1"}:
                found.thumbnail(AT_FIRST)  # all that follows is then cheap
            upright = ImageOps.exif_transpose(found).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DomainError(_too_large()) from None
    except (OSError, ValueError, SyntaxError):
        raise DomainError(_("This is no picture that can be read. Send the logo as PNG or JPEG.")) from None
    return _bare(upright)


def _check(width: int, height: int) -> None:
    if width * height > MOST_POINTS:
        raise DomainError(_too_large())
    if min(width, height) < LEAST_SIDE:
        raise DomainError(_("This picture is %(width)s by %(height)s points, too small to be seen.", width=width, height=height))  # fmt: skip


def _too_large() -> str:
    return _(
        "This picture has too many points. Up to 4,000 by 4,000 is taken; a logo needs no more than 1,200 by 400."
    )


def _bare(image: "Image") -> "Image":
    """Its points alone: no place where it was taken, no colour profile, no comment; without the empty edge around it."""
    from PIL import Image

    plain = Image.new("RGBA", image.size)
    plain.paste(image)
    return plain.crop(plain.getchannel("A").getbbox() or (0, 0, *image.size))


def _encoded(image: "Image", most: tuple[int, int], most_bytes: int) -> bytes:
    """Within both bounds: first all its colours, then fewer, then smaller."""
    size: tuple[float, float] = most
    while True:
        fitted = image.copy()
        fitted.thumbnail((max(int(size[0]), 1), max(int(size[1]), 1)))
        for colours in (None, *COLOURS):
            if len(found := _png(fitted, colours)) <= most_bytes:
                return found
        size = size[0] * 0.75, size[1] * 0.75


def _png(image: "Image", colours: int | None) -> bytes:
    written = io.BytesIO()
    fewer = image.quantize(colours) if colours else image
    fewer.save(written, "PNG", optimize=True)
    return written.getvalue()
