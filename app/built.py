"""Serves what the front end's build made: already compressed, and kept by browsers for a year.

The build stores app.css.br and app.css.gz beside app.css and puts a hash of the content into every
name, so nothing is compressed twice and nothing in a browser's store can be out of date.
"""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

STATIC = Path(__file__).resolve().parent / "static"
HASHED = re.compile(r"-[0-9A-Z]{8}\.[a-z0-9]+$")
YEAR = 365 * 24 * 3600  # seconds
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def static(filename: str) -> Response:
    """Answer with a file below app/static, in the best encoding that the browser takes."""
    age = YEAR if HASHED.search(filename) else None
    for name, ending in ENCODINGS:
        if not request.accept_encodings[name] or ".." in filename:
            continue
        if not (STATIC / f"{filename}{ending}").is_file():
            continue
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        packed = send_from_directory(STATIC, filename + ending, mimetype=kind, max_age=age)
        packed.headers["Content-Encoding"] = name
        return _kept(packed, age)
    return _kept(send_from_directory(STATIC, filename, max_age=age), age)


def _kept(response: Response, age: int | None) -> Response:
    response.vary.add("Accept-Encoding")
    if age:
        response.cache_control.public = True
        response.cache_control.immutable = True
    return response


def init(app: Flask) -> None:
    """Take over Flask's own endpoint for static files, under the same name and address."""
    app.view_functions["static"] = static
