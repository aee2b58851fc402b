"""Which language the reader gets: the switch, then the cookie, then Indonesian.

The browser's own language is not asked: many phones in Indonesia are set to English while their
owners read an official letter in Indonesian.

The switch is a link (``?lang=en``), so that it works in every browser and in none of ours: the
answer sets a cookie and nothing else changes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from urllib.parse import urlencode

from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, has_app_context, has_request_context, request
from flask_babel import Domain, get_locale
from werkzeug.urls import iri_to_uri

from app import words

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
DEFAULT = "id"
COOKIE = "lang"


def reader_language() -> str:
    """Return ``id`` or ``en`` for this request; outside a request the default."""
    if not has_request_context():
        return DEFAULT
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return str(wish)
    return DEFAULT


def language() -> str:
    """Return the language that is being written now (a mail may force another one)."""
    locale = get_locale()
    return str(locale.language) if locale else DEFAULT


class RoomDomain(Domain):  # type: ignore[misc]
    """Reads the catalogues so that the room the reader is in has the last word."""

    def get_translations(self) -> NullTranslations:
        """Return the catalogue for the language and the room of this moment."""
        if not has_app_context():
            return NullTranslations()
        room, locale = current_room(), get_locale()
        wanted = (str(locale), room)
        if wanted not in self.cache:
            merged = Translations()
            for folder in words.directories(room):
                catalog = Translations.load(folder, [locale], "messages")
                if isinstance(catalog, Translations):
                    merged.merge(catalog)
            self.cache[wanted] = merged
        found = self.cache[wanted]
        assert isinstance(found, NullTranslations)
        return found


def current_room() -> str | None:
    """Return the room that is speaking: the one set by ``in_room``, else that of the request."""
    if "words_room" in g:
        return str(g.words_room)
    return request.blueprint if has_request_context() else None


@contextlib.contextmanager
def in_room(room: str) -> Iterator[None]:
    """Speak with the words of ``room`` for a while, such as a mail shown to an organiser."""
    before = g.get("words_room")
    g.words_room = room
    try:
        yield
    finally:
        if before is None:
            g.pop("words_room", None)
        else:
            g.words_room = before


def switch_url(lang: str) -> str:
    """Return this page's own address with the language switch added."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    query = urlencode([*kept, ("lang", lang)])
    return iri_to_uri(request.script_root + request.path) + "?" + query


def init(app: Flask) -> None:
    """Remember the switch in a cookie, and let caches know that pages differ by language."""

    @app.after_request
    def remember(response: Response) -> Response:
        wish = request.args.get("lang")
        if wish in LANGUAGES and request.endpoint != "static":
            response.set_cookie(
                COOKIE,
                wish,
                max_age=365 * 24 * 3600,
                secure=bool(app.config["SESSION_COOKIE_SECURE"]),
                httponly=True,
                samesite="Lax",
            )
        if response.mimetype == "text/html":
            response.vary.add("Cookie")
            response.headers["Content-Language"] = language()
        return response
