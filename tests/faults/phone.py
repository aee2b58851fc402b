"""A door's phone that speaks HTTP, without a browser: for tests with many of them at once."""

from __future__ import annotations

import http.client
import json
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from app import create_app
from app.extensions import db
from app.unit import unit
from cohorts.convenings.tables import Convening
from cohorts.door.passes import write_pass
from cohorts.door.tables import Station
from cohorts.ground.links import Links
from tests.build import door as built
from tests.databases import settings_for
from tests.product import Product


def beside(product: Product) -> Flask:
    """The product's app in this process: same database, same LAB_HOME, same keys and locks."""
    return create_app(settings_for(product.home, product.database_url))


def an_organiser(app: Flask, url: str) -> Phone:
    """Somebody of the secretariat at a laptop, signed in."""
    from app.filters import utc_now
    from cohorts.directory import accounts
    from cohorts.ground.access import COMMAND

    with app.app_context():
        with unit() as session:
            user = accounts.add_account(
                session, email=f"panitia-{utc_now():%H%M%S%f}@contoh.example",
                name="Rina Contoh", role="organizer", scope="all", scope_id="",
                region_code=None, sample=True, actor=COMMAND, now=utc_now())
            identity = f"{user.id}.{user.session_generation}"
        db.session.remove()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return Phone(url, f"lab={signer.dumps({'_user_id': identity, '_fresh': True})}")


@dataclass
class Phone:
    """Cookies and the form's token of one device."""

    url: str
    cookies: str
    token: str = ""

    def ask(
        self, method: str, path: str, *, file: bytes = b"", accept: str = "application/json",
        **fields: str,
    ) -> tuple[int, str]:
        """One request on a connection of its own; returns status and body, or where it leads."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        headers = {"Cookie": self.cookies, "Accept": accept}
        body: bytes | str | None = None
        if file:
            body = (
                f'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
                f'{self.token}\r\n--edge\r\nContent-Disposition: form-data; name="file"; '
                f'filename="berkas.csv"\r\nContent-Type: text/csv\r\n\r\n'
            ).encode() + file + b"\r\n--edge--\r\n"
            headers["Content-Type"] = "multipart/form-data; boundary=edge"
        elif method == "POST":
            body = urlencode({"csrf_token": self.token} | fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie") or ():
                kept = SimpleCookie(self.cookies) | SimpleCookie(line)
                self.cookies = "; ".join(f"{name}={one.value}" for name, one in kept.items())
            return answer.status, answer.headers.get("Location") or text
        finally:
            connection.close()

    def open(self, path: str = "/d/") -> Phone:
        """Open a page, by default the scanner's, and take its token."""
        status, text = self.ask("GET", path, accept="text/html")
        assert status == 200, text
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
        assert found is not None
        self.token = found[1]
        return self

    def scan(self, code: str, client_id: str) -> dict[str, Any]:
        """Show a code to the camera; the answer, with the seconds it took as ``took``."""
        began = time.perf_counter()
        status, text = self.ask("POST", "/d/admit", code=code, client_id=client_id)
        took = time.perf_counter() - began
        assert status == 200, f"{status}: {text[:500]}"
        return dict(json.loads(text), took=took)


@dataclass
class Door:
    """An open door of a running product: the codes of its guests, and phones at its gates."""

    convening_id: str
    cohort_id: str
    codes: list[str]
    station_tokens: list[str]

    def phone(self, url: str, gate: int = 0) -> Phone:
        """A phone at a gate, its page open."""
        return Phone(url, f"station={self.station_tokens[gate]}").open()


def a_door(app: Flask, guests: int = 1, gates: int = 2) -> Door:
    """Build it through the rules, in the product's own database."""
    from app.filters import utc_now

    keys = app.extensions["keys"]
    now = utc_now()
    with app.app_context():
        with unit() as session:
            convening: Convening = built.a_door_at(session, now, *CODES[:guests])
            cards = [
                built.a_guest(session, convening, code, "sekda", name=f"Tamu {code}").card
                for code in CODES[:guests]
            ]
            stations: list[Station] = [
                built.a_station(session, convening, gate=f"Pintu {n + 1}", at=now)
                for n in range(gates)
            ]
            links = Links(keys.link)
            made = Door(
                convening.id, convening.cohort_id,
                [write_pass(keys.passes, c.id, c.generation, convening.id) for c in cards],
                [links.make("station", s.id, s.generation) for s in stations])
        db.session.remove()
    return made


def leave(app: Flask) -> None:
    """Let go of the database that ``beside`` opened."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


CODES = [f"32.{n:02}" for n in range(1, 19)] + [f"33.{n:02}" for n in range(1, 30)]
"""Regions of West and Central Java: as many guests as a test needs, up to 47."""
