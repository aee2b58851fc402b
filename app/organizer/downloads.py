"""Files that a page hands out."""

from __future__ import annotations

from flask import make_response
from werkzeug.wrappers import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(data: bytes, name: str) -> Response:
    """Return a CSV file as a download called ``name``.csv."""
    return _download(data, f"{name}.csv", "text/csv")


def workbook_file(data: bytes, name: str) -> Response:
    """Return a workbook as a download called ``name``.xlsx."""
    return _download(data, f"{name}.xlsx", XLSX)


def _download(data: bytes, name: str, mimetype: str) -> Response:
    answer = make_response(data)
    answer.mimetype = mimetype
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
