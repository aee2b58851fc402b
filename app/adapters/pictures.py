"""Pictures that people upload, drawn anew: the same view, and nothing of who took it, where."""

from __future__ import annotations

import io
import struct

from PIL import Image, ImageOps

from cohorts.ground.refusal import Refusal

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
LONGEST = 3_000  # pixels of the longer side that are kept: a page of A4 stays readable
DECODED = 40_000_000  # pixels that are decoded at most
BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error)
"""Pillow's own words for a broken file, and what it stumbles over in a file's description."""


def redrawn(data: bytes, media_type: str, *, longest: int = LONGEST) -> bytes:
    """A PNG or JPEG encoded anew, upright, without metadata, no larger than ``longest`` pixels.

    Raises Refusal ground.file_type for what is no picture of that kind, or unfolds into more than
    DECODED pixels.
    """
    kind = FORMATS[media_type]
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as opened:
            opened.draft("RGB", (longest, longest))  # a large JPEG is decoded small at once
            if opened.width * opened.height > DECODED:
                raise Refusal("ground.file_type")
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((longest, longest))
    except (*BROKEN, Image.DecompressionBombError) as broken:
        raise Refusal("ground.file_type") from broken
    clear = kind == "PNG" and picture.has_transparency_data
    plain = picture.convert("RGBA" if clear else "RGB")
    plain.info.clear()  # comments, profiles and texts would be written again
    out = io.BytesIO()
    plain.save(out, kind, quality=88, optimize=True)
    return out.getvalue()
