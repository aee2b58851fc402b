"""Films for a browser's stand-in camera: a QR code on a phone, held before the lens."""

from __future__ import annotations

import io
from pathlib import Path

import qrcode
from PIL import Image, ImageFilter

WIDTH, HEIGHT = 640, 480  # pixels; what an old phone's camera gives to a browser


def frame(text: str, angle: float = 0.0) -> bytes:
    """One picture (JPEG): the code `text`, turned by `angle` degrees, a little out of focus."""
    code = qrcode.QRCode(border=4, box_size=8)
    code.add_data(text)
    picture = code.make_image().get_image().convert("L").resize((300, 300))
    scene = Image.new("L", (WIDTH, HEIGHT), 90)
    turned = picture.rotate(angle, expand=True, fillcolor=90)
    scene.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2))
    out = io.BytesIO()
    scene.filter(ImageFilter.GaussianBlur(0.8)).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def film(path: Path, *texts: str) -> Path:
    """Write a Motion-JPEG that shows each code for about a second, then begins again."""
    turns = (-6, -3, 0, 3, 6)
    pictures = [frame(text, angle) * 6 for text in texts for angle in turns]
    path.write_bytes(b"".join(pictures))
    return path
