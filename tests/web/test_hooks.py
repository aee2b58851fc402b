"""What other machines post: signed or without effect, each thing once, quiet in the logs."""

from __future__ import annotations

import base64
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sendgrid.helpers.eventwebhook import EventWebhook
from structlog.testing import capture_logs

from app import create_app
from app.adapters import sendgrid_hooks
from app.extensions import db
from app.filters import utc_now
from cohorts.ground.mail_events import MailEvent
from config import Settings
from tests.mail_peers import SendGridHooks, events

EVENTS = "/hooks/sendgrid/events"
INBOUND = "/hooks/sendgrid/inbound"
REFERENCE = "m12-0123456789ab"
SECRET = "rahasia-di-dalam-badan"


@pytest.fixture(scope="module")
def sender() -> SendGridHooks:
    return SendGridHooks()


@pytest.fixture
def hooked(settings: Settings, sender: SendGridHooks) -> Any:
    """The product with SendGrid's keys."""
    given = Settings.from_environ(
        {"SENDGRID_EVENT_KEY": sender.public, "SENDGRID_INBOUND_KEY": sender.public},
        home=settings.home, database_url=settings.database_url, key_dir=settings.key_dir)
    made = create_app(given, testing=True)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def kept(app: Flask) -> dict[str, str]:
    with app.app_context():
        found = {e.id: e.outcome for e in db.session.scalars(sa.select(MailEvent))}
        db.session.remove()
    return found


def one(name: str, ident: str, **more: Any) -> dict[str, Any]:
    return {"event": name, "sg_event_id": ident, "message": REFERENCE,
            "timestamp": int(utc_now().timestamp()), **more}


def test_without_its_key_a_webhook_is_not_there(app: Flask, sender: SendGridHooks) -> None:
    raw = events(one("delivered", "a"))
    for address in (EVENTS, INBOUND):
        answer = app.test_client().post(
            address, data=raw, headers=sender.signed(raw, utc_now()),
            content_type="application/json")
        assert answer.status_code == 404, address
    assert kept(app) == {}


def test_a_signed_batch_is_kept_and_a_watched_reader_is_not(
    hooked: Flask, sender: SendGridHooks
) -> None:
    raw = events(
        one("processed", "p"), one("deferred", "t", response="451 try later"),
        one("delivered", "d"), one("bounce", "b", reason="550 5.1.1 no such user"),
        one("dropped", "s", reason="Bounced Address"), one("spamreport", "r"),
        one("open", "o"), one("click", "c"), {"event": "delivered"}, one("delivered", "x" * 101),
        one("delivered", "z", message="bukan milik kami"))
    raw = raw[:-1] + b', "bukan peristiwa", null]'
    answer = post(hooked.test_client(), sender, raw)
    assert (answer.status_code, answer.data) == (200, b"")
    assert "Set-Cookie" not in answer.headers
    assert kept(hooked) == {
        "t": "deferred", "d": "delivered", "b": "bounced", "s": "suppressed", "r": "reported"}


def test_what_is_not_genuine_leaves_nothing_and_is_logged_as_a_fact_only(
    hooked: Flask, sender: SendGridHooks
) -> None:
    raw = events(one("bounce", SECRET))
    now = utc_now()
    good = sender.signed(raw, now)
    signature, stamp = sendgrid_hooks.SIGNATURE, sendgrid_hooks.TIMESTAMP
    strange = SendGridHooks().signed(raw, now)
    later = str(int(now.timestamp()) + 1)
    tried: list[tuple[bytes, dict[str, str]]] = [
        (raw, {}),
        (raw, {signature: good[signature]}),
        (raw, {stamp: good[stamp]}),
        (raw, strange),
        (raw, {**good, stamp: later}),
        (raw, {**good, stamp: ""}),
        (raw, {**good, stamp: "٣" * 10}),
        (raw, {**good, signature: "bukan base64!"}),
        (raw, {**good, signature: base64.b64encode(b"\x30\x06\x02\x01\x00\x02\x01\x00").decode()}),
        (raw + b" ", good),
        (json.dumps(json.loads(raw)).encode(), good),
        (raw, sender.signed(raw, now - sendgrid_hooks.AGE - dt.timedelta(minutes=1))),
        (raw, sender.signed(raw, now + sendgrid_hooks.AHEAD + dt.timedelta(minutes=1))),
    ]
    client = hooked.test_client()
    with capture_logs() as said:
        for body, headers in tried:
            answer = client.post(
                EVENTS, data=body, headers=headers, content_type="application/json")
            assert answer.status_code == 403, headers
    assert kept(hooked) == {}
    assert said == [{
        "event": "hook.refused", "hook": "hooks.events", "why": "not_genuine",
        "log_level": "warning"}] * len(tried)


def test_a_body_beyond_the_bound_is_refused_before_it_is_read(
    hooked: Flask, sender: SendGridHooks
) -> None:
    raw = b"[" + b" " * (1024 * 1024) + b"]"
    assert post(hooked.test_client(), sender, raw).status_code == 413
    for odd in (b"{}", b"", b"\xff", b"[" * 100_000):
        assert post(hooked.test_client(), sender, odd).status_code == 400


def test_an_event_cannot_come_from_the_future(hooked: Flask, sender: SendGridHooks) -> None:
    raw = events(one("bounce", "b", timestamp=4_000_000_000), one("delivered", "d", timestamp="x"))
    post(hooked.test_client(), sender, raw)
    with hooked.app_context():
        assert all(e.at <= utc_now() for e in db.session.scalars(sa.select(MailEvent)))
        db.session.remove()
    assert set(kept(hooked)) == {"b", "d"}


def test_what_we_take_as_genuine_the_vendors_own_verifier_takes_too(
    sender: SendGridHooks, tmp_path: Path
) -> None:
    raw, now = events(one("delivered", "a")), utc_now()
    headers = sender.signed(raw, now)
    vendor = EventWebhook(sender.public)
    key = Settings.from_environ({"SENDGRID_EVENT_KEY": sender.public}, home=tmp_path).event_key
    assert key is not None
    for body in (raw, raw + b" "):
        ours = sendgrid_hooks.genuine(
            key, headers[sendgrid_hooks.SIGNATURE], headers[sendgrid_hooks.TIMESTAMP], body, now)
        theirs = vendor.verify_signature(
            body.decode(), headers[sendgrid_hooks.SIGNATURE], headers[sendgrid_hooks.TIMESTAMP])
        assert ours is theirs is (body == raw)


def post(client: FlaskClient, sender: SendGridHooks, raw: bytes) -> Any:
    return client.post(EVENTS, data=raw, headers=sender.signed(raw, utc_now()),
                       content_type="application/json")
