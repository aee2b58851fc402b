"""Films for a browser's stand-in camera: a QR code on a phone, held before the lens."""

from __future__ import annotations

import io
from pathlib import Path

import qrcode
from PIL import Image, ImageFilter

WIDTH, HEIGHT = 640, 480  # pixels; what an old phone's camera gives to a browser


def code_picture(text: str) -> Image.Image:
    """The QR code of a text, as a phone would show it."""
    code = qrcode.QRCode(border=4, box_size=8)
    code.add_data(text)
    return code.make_image().get_image().convert("RGB")


def frame(shown: str | bytes, angle: float = 0.0) -> bytes:
    """One picture (JPEG) of what is held before the lens, turned by `angle` degrees, a little out
    of focus: a text becomes a QR code, bytes are a picture file such as a saved pass."""
    picture = code_picture(shown) if isinstance(shown, str) else Image.open(io.BytesIO(shown))
    picture = picture.convert("RGB")
    scale = min(420 / picture.width, 420 / picture.height)
    picture = picture.resize((round(picture.width * scale), round(picture.height * scale)))
    scene = Image.new("RGB", (WIDTH, HEIGHT), (90, 90, 90))
    turned = picture.rotate(angle, expand=True, fillcolor=(90, 90, 90))
    scene.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2))
    out = io.BytesIO()
    scene.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=85)
    return out.getvalue()


def film(path: Path, *shown: str | bytes) -> Path:
    """Write a Motion-JPEG that shows each of them for about a second, then begins again."""
    turns = (-6, -3, 0, 3, 6)
    path.write_bytes(b"".join(frame(one, angle) * 6 for one in shown for angle in turns))
    return path
