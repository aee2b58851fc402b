"""Invitation and its CANCEL, from the rule to what a mail server and SendGrid were given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar, Component

from app.adapters.mime import Transport
from app.adapters.sendgrid_mail import SendGridTransport
from app.adapters.smtp_mail import Server, SmtpTransport
from app.extensions import db
from app.unit import unit
from app.worker import make
from cohorts.convenings import invitation
from tests.build import convenings as built
from tests.mail_peers import PostOffice, SendGridPeer

KEY = "SG.kunci.contoh"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    made = PostOffice().start()
    yield made
    made.stop()


@pytest.fixture
def peer() -> Iterator[SendGridPeer]:
    made = SendGridPeer(KEY)
    yield made
    made.stop()


def invite_then_withdraw(app: Flask, transport: Transport) -> None:
    """Bupati Siak is invited, the mail leaves; then withdrawn, and that leaves."""
    now: datetime = built.NOW
    with app.app_context():
        worker = make(lambda: now, quiet=True)
        worker.tools = replace(worker.tools, transport=transport)
        with unit() as session:
            invited = built.an_invited_head(session).invitation.id
        worker.drain()
        now += timedelta(hours=1)
        with unit() as session:
            invitation.withdraw(session, invited, built.ORGANISER, now)
        worker.drain()
        posted = built.mail(db.session(), invited)
        db.session.remove()
    assert posted == [("invitation", "sent"), ("invitation_cancel", "sent")]


def events(*files: bytes) -> list[tuple[str, Component]]:
    calendars = [Calendar.from_ical(data) for data in files]
    return [(str(c["METHOD"]), c.events[0]) for c in calendars]


def hold_together(request: tuple[str, Component], cancel: tuple[str, Component]) -> None:
    assert (request[0], cancel[0]) == ("REQUEST", "CANCEL")
    assert request[1]["UID"] == cancel[1]["UID"]
    assert int(cancel[1]["SEQUENCE"]) > int(request[1]["SEQUENCE"])
    assert str(cancel[1]["STATUS"]) == "CANCELLED"


def test_through_a_mail_server(app: Flask, office: PostOffice) -> None:
    invite_then_withdraw(app, SmtpTransport(Server("127.0.0.1", office.port, "none")))
    assert len(office.taken) == 2
    found = []
    for number in range(2):
        message = office.message(number)
        (part,) = (p for p in message.walk() if p.get_content_type() == "text/calendar")
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        (read,) = events(data)
        assert part.get_param("method") == read[0]
        sender = message["From"].addresses[0].addr_spec
        assert str(read[1]["ORGANIZER"]).lower() == f"mailto:{sender}"
        found.append(read)
    hold_together(*found)


def test_through_sendgrid(app: Flask, peer: SendGridPeer) -> None:
    invite_then_withdraw(app, SendGridTransport(KEY, peer.url))
    parts = [call["content"][-1] for call in peer.calls]
    assert [p["type"] for p in parts] == [
        "text/calendar; method=REQUEST", "text/calendar; method=CANCEL"]
    found = events(*(p["value"].encode("ascii") for p in parts))
    hold_together(*found)
    for call, (_method, event) in zip(peer.calls, found, strict=True):
        assert str(event["ORGANIZER"]).lower() == f"mailto:{call['from']['email']}"
