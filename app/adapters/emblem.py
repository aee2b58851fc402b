"""The emblem of a letterhead: judged by its content, bounded, drawn anew, never passed on as it
came. What would unpack to more than is accepted is refused before it is unpacked."""

from __future__ import annotations

import base64
import io

from PIL import Image

from app.adapters import pictures
from cohorts.ground import files
from cohorts.ground.refusal import Refusal

LIMIT = 2_000_000  # bytes of an upload
MOST = 4000  # pixels on a side
LEAST = 100
KEPT = 400  # pixels on a side: 25 mm at 400 dpi


def clean(data: bytes) -> tuple[bytes, str]:
    """The picture drawn anew, at most KEPT pixels on a side, and its media type.

    Raises Refusal ground.file_size, convenings.emblem_type, emblem_pixels (facts: limit),
    emblem_small (facts: least), emblem_broken; each names the field ``emblem``.
    """
    if len(data) > LIMIT:
        raise Refusal("ground.file_size", field="emblem", limit=LIMIT)
    try:
        media_type = files.accept(data, limit=LIMIT)
    except Refusal:
        media_type = ""
    if media_type not in pictures.FORMATS:
        raise Refusal("convenings.emblem_type", field="emblem")
    width, height = _size(data, media_type)
    if max(width, height) > MOST:
        raise Refusal("convenings.emblem_pixels", field="emblem", limit=MOST)
    if min(width, height) < LEAST:
        raise Refusal("convenings.emblem_small", field="emblem", least=LEAST)
    try:
        return pictures.redrawn(data, media_type, longest=KEPT), media_type
    except Refusal:
        raise Refusal("convenings.emblem_broken", field="emblem") from None


def _size(data: bytes, media_type: str) -> tuple[int, int]:
    """Width and height as the file's head states them: nothing is unpacked."""
    try:
        with Image.open(io.BytesIO(data), formats=[pictures.FORMATS[media_type]]) as picture:
            return picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refusal("convenings.emblem_pixels", field="emblem", limit=MOST) from None
    except (OSError, SyntaxError, ValueError):
        raise Refusal("convenings.emblem_broken", field="emblem") from None


def as_svg(data: bytes, media_type: str) -> str:
    """A kept picture as an SVG that holds it: the form in which a document takes pictures."""
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
    held = base64.b64encode(data).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'href="data:{media_type};base64,{held}"/></svg>'
    )
