"""Files that a page hands out."""

from __future__ import annotations

from flask import make_response
from werkzeug.wrappers import Response


def csv_file(data: bytes, name: str) -> Response:
    """Return a CSV file as a download called ``name``.csv."""
    answer = make_response(data)
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
