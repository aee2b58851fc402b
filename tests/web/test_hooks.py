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
from app.mail.compose import reply_address
from app.unit import unit
from app.worker import make
from cohorts.convenings import calendar, guest_mail
from cohorts.convenings.mail_tables import GuestMail
from cohorts.convenings.tables import Invitation, Reply
from cohorts.ground.files import FileStore, StoredFile
from cohorts.ground.mail_events import MailEvent
from cohorts.ground.outbox import Message
from config import Settings
from tests import mail_shapes
from tests.build import convenings as build
from tests.mail_peers import SendGridHooks, events, inbound_form
from tests.mail_shapes import Said
from tests.web.pages import Pages

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
        one("bounce", "h", reason="550 \ud83d"), one("bounce", "\ud83d"),  # half a letter each
        one("open", "o"), one("click", "c"), {"event": "delivered"}, one("delivered", "x" * 101),
        one("delivered", "z", message="bukan milik kami"))
    raw = raw[:-1] + b', "bukan peristiwa", null]'
    answer = post(hooked.test_client(), sender, raw)
    assert (answer.status_code, answer.data) == (200, b"")
    assert "Set-Cookie" not in answer.headers
    assert kept(hooked) == {
        "t": "deferred", "d": "delivered", "b": "bounced", "s": "suppressed", "r": "reported",
        "h": "bounced"}


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


@pytest.fixture
def invited(hooked: Flask) -> str:
    """Siak's invitation to a convening that is ahead."""
    with hooked.app_context():
        with unit() as session:
            now = utc_now()
            days = (now.date() - build.START.date()).days + 20
            made = build.an_invited_head(session, now=now - dt.timedelta(hours=1), days=days)
            ident = made.invitation.id
        db.session.remove()
    return ident


def said(app: Flask, invitation_id: str, **more: Any) -> Said:
    """What the calendar of the office says, to the address of its invitation."""
    with app.app_context():
        row = db.session.get_one(Invitation, invitation_id)
        given = {
            "uid": calendar.uid(row.convening_id), "attendee": "bupati.14.08@contoh.example",
            "stamp": utc_now().replace(microsecond=0), "to": reply_address(invitation_id), **more}
        db.session.remove()
    return Said(**given)


def comes_in(app: Flask, sender: SendGridHooks, raw: bytes, *to: str, **more: Any) -> int:
    body, kind = inbound_form(raw, *to, **more)
    return app.test_client().post(
        INBOUND, data=body, headers=sender.signed(body, utc_now()), content_type=kind).status_code


def the_worker_reads(app: Flask) -> dict[str, str]:
    """What became of each mail, by its kind, and how the seat stands."""
    with app.app_context():
        make(quiet=True).drain()
        found = {m.kind: m.why for m in db.session.scalars(sa.select(GuestMail))}
        replies = db.session.scalars(sa.select(Reply).order_by(Reply.n)).all()
        db.session.remove()
    return found | {"seat": replies[-1].answer if replies else ""}


def test_an_answer_is_stored_as_it_came_and_taken_by_the_worker(
    hooked: Flask, sender: SendGridHooks, invited: str
) -> None:
    one = said(hooked, invited)
    raw = mail_shapes.outlook(one) + b"\xff\xfe bukan UTF-8"
    with capture_logs() as logged:
        for _ in range(20):
            assert comes_in(hooked, sender, raw, one.to.upper(), "orang@lain.example") == 200
        with hooked.app_context():
            stored = db.session.scalars(sa.select(StoredFile)).one()
            assert FileStore(hooked.extensions["settings"].files_dir).get(stored.sha256) == raw
            jobs = sa.select(Message).where(Message.kind == guest_mail.JOB)
            assert len(db.session.scalars(jobs).all()) == 1
            assert db.session.scalars(sa.select(GuestMail)).all() == []
            db.session.remove()
        # The same mail on another way: other bytes, the same Message-ID.
        comes_in(hooked, sender, b"Received: from x\r\n" + raw, one.to)
        assert the_worker_reads(hooked) == {"answer": "", "seat": "attending"}
    assert one.to not in str(logged)
    assert one.attendee not in str(logged)


def test_nothing_comes_in_without_a_genuine_signature_or_an_address_of_ours(
    hooked: Flask, sender: SendGridHooks, invited: str
) -> None:
    one = said(hooked, invited)
    raw = mail_shapes.apple(one)
    local, _, domain = one.to.partition("@")
    body, kind = inbound_form(raw, one.to)
    strangers = (SendGridHooks().signed(body, utc_now()), {},
                 sender.signed(body + b"x", utc_now()))
    for headers in strangers:
        answer = hooked.test_client().post(INBOUND, data=body, headers=headers, content_type=kind)
        assert answer.status_code == 403
    for address in (f"{local[:-1]}x@{domain}", f"undangan@{domain}", "", "undangan+@x",
                    f"undangan+{'A' * 42}@{domain}", f"undangan+{'é' * 42}@{domain}"):
        assert comes_in(hooked, sender, raw, address) == 200
    for form in (inbound_form(raw, one.to, field="text"), (raw, "text/plain"),
                 (b"--x\r\n", "multipart/form-data; boundary=x"), (raw, "multipart/form-data")):
        answer = hooked.test_client().post(
            INBOUND, data=form[0], headers=sender.signed(form[0], utc_now()),
            content_type=form[1])
        assert answer.status_code == 400
    large = inbound_form(raw + b"x" * hooked.extensions["settings"].max_upload, one.to)
    answer = hooked.test_client().post(
        INBOUND, data=large[0], headers=sender.signed(large[0], utc_now()), content_type=large[1])
    assert answer.status_code == 413
    with hooked.app_context():
        assert db.session.scalars(sa.select(StoredFile)).all() == []
        db.session.remove()
    assert the_worker_reads(hooked) == {"seat": ""}


def test_what_waits_for_a_person_is_read_saved_and_ticked_off(
    hooked: Flask, sender: SendGridHooks, invited: str
) -> None:
    one = said(hooked, invited, attendee="orang.lain@contoh.example")
    comes_in(hooked, sender, mail_shapes.gmail(one), one.to)
    other = said(hooked, invited, ident="dua@contoh.example")
    comes_in(hooked, sender, mail_shapes.plain(other, "Mohon <b>nomor</b> surat."), one.to)
    assert the_worker_reads(hooked) == {"confirm": "stranger", "message": "", "seat": ""}
    with hooked.app_context():
        convening_id = db.session.get_one(Invitation, invited).convening_id
        db.session.remove()
    address = f"/o/convenings/{convening_id}/mailbox"
    for lang, words in (("id", "orang.lain@contoh.example, alamat yang tidak tercatat"),
                        ("en", "orang.lain@contoh.example, an address that is not known")):
        staff = Pages(hooked, lang).signed_in(role="organizer")
        page = staff.get(address)
        assert words in page.text
        assert "Mohon <b>nomor</b> surat." in page.text
        assert words in staff.get(f"/o/convenings/{convening_id}/guests/{invited}").text
        assert len(page.all(".timeline .state")) == 2
    assert address in staff.get("/o/").html
    for n in (1, 0):
        (first, *_rest) = page.all(".timeline form")
        page = staff.submit(page, str(first["action"]))
        assert len(page.all(".timeline .state")) == n
    saved = staff.client.get(str(page.all(".timeline a.btn")[0]["href"]))
    assert "attachment" in saved.headers["Content-Disposition"]
    assert saved.mimetype == "application/octet-stream"
    assert b"Message-ID" in saved.data
    Pages(hooked).signed_in(role="door_officer").get(address, status=403)


def post(client: FlaskClient, sender: SendGridHooks, raw: bytes) -> Any:
    return client.post(EVENTS, data=raw, headers=sender.signed(raw, utc_now()),
                       content_type="application/json")
