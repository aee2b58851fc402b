"""From a refusal's code to the reader's words, as a page, beside a form or as JSON.

The words of each room stand in ``app/refusal_words/<room>.py``. A view that has a form shows a
refusal there (``say(refusal)``, or ``beside(form, refusal)``); whatever no view catches becomes a
page of its own, or JSON for a script.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import structlog
from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.filters import decimal, file_size, plain_date
from app.language import language
from app.refusal_words import Saying
from cohorts.ground.refusal import Refusal

ROOMS = (
    "ground",
    "directory",
    "directory_accounts",
    "directory_days",
    "programme",
    "convenings",
    "convenings_polls",
    "convenings_letters",
    "convenings_seats",
    "door",
    "actions",
    "pledges",
    "figures",
    "turns",
)


def gather() -> dict[str, Saying]:
    """Return code -> words of all rooms. Raises ValueError when two rooms claim one code."""
    found: dict[str, Saying] = {}
    for room in ROOMS:
        words = importlib.import_module(f"app.refusal_words.{room}").WORDS
        twice = found.keys() & words.keys()
        if twice:
            raise ValueError(f"said twice: {sorted(twice)}")
        found.update(words)
    return found


WORDS: Mapping[str, Saying] = gather()


@dataclass(frozen=True)
class Said:
    """A refusal in the reader's language."""

    code: str
    title: str
    advice: str
    status: int
    field: str | None = None

    @property
    def line(self) -> str:
        """Title and advice in one line, for the place beside a field."""
        return f"{self.title}. {self.advice}" if self.advice else f"{self.title}."


def say(refusal: Refusal) -> Said:
    """Put a refusal into words; facts are written in the reader's way."""
    saying = WORDS.get(refusal.code)
    if saying is None:
        structlog.get_logger().error("refusal_without_words", code=refusal.code)
        saying = Saying(_("Ini tidak dapat dilakukan"), _("Belum ada yang berubah."))
    facts = _Facts({name: _written(value) for name, value in refusal.facts.items()})
    if refusal.code == "ground.file_size" and "limit" in facts:
        facts["limit"] = file_size(int(facts["limit"]), language())
    return Said(
        refusal.code, str(saying.title) % facts, str(saying.advice) % facts, saying.status,
        refusal.field,
    )


def _written(value: Any) -> Any:
    """Write a day or a decimal as the reader does; everything else stays as it is."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return plain_date(value, language())
    return decimal(value, 2, language()) if isinstance(value, Decimal) else value


class _Facts(dict[str, Any]):
    """A fact that is not given reads as a dash instead of breaking the page."""

    def __missing__(self, key: str) -> str:
        return "–"


def beside(form: FlaskForm, refusal: Refusal) -> None:
    """Show a refusal in ``form``: beside its field where it names one, else above the form."""
    said = say(refusal)
    if refusal.field and refusal.field in form:
        target = form[refusal.field]
        target.errors = [*target.errors, said.line]
    else:
        form.form_errors.append(said.line)


def wants_json() -> bool:
    """Return whether a script asks: it then gets the code and not a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def refused(refusal: Refusal) -> Response:
    """Answer with the page (or the JSON) of a refusal."""
    said = say(refusal)
    if wants_json():
        response = jsonify(code=said.code, title=said.title, advice=said.advice)
    else:
        template = "link" if refusal.code == "ground.link_invalid" else "refused"
        response = make_response(render_template(f"errors/{template}.html", said=said))
    response.status_code = said.status
    if "retry_after" in refusal.facts:
        response.headers["Retry-After"] = str(refusal.facts["retry_after"])
    return response


def _said_of_http(error: HTTPException) -> Said:
    if isinstance(error, CSRFError):
        return Said(
            "http.csrf", _("Halaman ini terlalu lama terbuka"),
            _("Belum ada yang disimpan. Buka kembali halamannya, lalu kirim sekali lagi."), 400)
    words = {
        400: (_("Permintaan ini tidak dapat dibaca"), _("Belum ada yang berubah.")),
        404: (_("Halaman ini tidak ada"),
              _("Alamatnya mungkin keliru, atau isinya tidak untuk Anda.")),
        405: (_("Halaman ini hanya untuk mengirim isian"), _("Belum ada yang berubah.")),
        413: (_("Berkas terlalu besar"), _("Perkecil, atau foto ulang.")),
    }
    title, advice = words.get(error.code or 500, (_("Ini tidak dapat dilakukan"), ""))
    return Said(f"http.{error.code}", title, advice, error.code or 500)


def http_error(error: HTTPException) -> Response:
    """Answer an HTTP error (404 and its kin) with a plain page."""
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    said = _said_of_http(error)
    if wants_json():
        response = jsonify(code=said.code, title=said.title, advice=said.advice)
    else:
        response = make_response(render_template("errors/refused.html", said=said))
    response.status_code = said.status
    return response


def broken(error: Exception) -> Response:
    """Answer what nobody foresaw: logged in full, told in one plain page that queries nothing.

    A test must see the fault itself.
    """
    if current_app.testing:
        raise error
    structlog.get_logger().error("unforeseen", exc_info=error)
    said = Said(
        "http.500", _("Ada yang keliru di pihak kami"),
        _("Kejadian ini sudah tercatat. Silakan coba lagi sebentar lagi."), 500)
    if wants_json():
        response = jsonify(code=said.code, title=said.title, advice=said.advice)
    else:
        response = make_response(render_template("errors/broken.html", said=said))
    response.status_code = 500
    return response


def init(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, broken)
