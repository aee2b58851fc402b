"""Every link of every message, opened as mail scanners do: nothing changes, no log names one.

A story through the rules with a message of each kind, written to files by the worker; then the web
server as it really runs, asked by GET and by HEAD.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import email
import email.policy
import hashlib
import http.client
import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import logs, worker
from app.extensions import db, keys
from app.filters import utc_now
from app.invitation_texts import pass_link
from app.mail.compose import PAGES
from app.mail.letters import KINDS
from app.unit import unit
from cohorts.actions import moves
from cohorts.convenings import (
    announcements,
    lost_link,
    own_texts,
    poll_answers,
    poll_end,
    poll_reminders,
    reminders,
    seats,
    sign_mandates,
)
from cohorts.convenings import convening as convenings
from cohorts.convenings import invitation as invitations
from cohorts.convenings.guests import office_guest
from cohorts.convenings.poll_tables import Poll
from cohorts.convenings.tables import Convening, Invitation, Pass
from cohorts.directory import accounts, appointments
from cohorts.directory import accounts_grants as grants
from cohorts.directory.accounts_reach import Place
from cohorts.directory.tables import User
from cohorts.ground.access import COMMAND
from cohorts.ground.codes import Challenge, Codes
from cohorts.ground.outbox import Message
from cohorts.pledges import affirming, offers
from cohorts.pledges.tables import Pledge, Signature
from cohorts.tables import metadata
from cohorts.turns.close import close
from tests.build import actions, directory, pledges, polls
from tests.build import convenings as build
from tests.build.convenings import DUMAI, HOUR, ORGANISER, SIAK
from tests.product import Product

Act = Callable[[Session, dt.datetime], object]
TOKEN = re.compile(r"[0-9A-Z]{16}\.\d+\.[0-9A-Za-z_-]{22}")


class Story:
    """What happens, one act after another; after each the worker sends what is due."""

    def __init__(self) -> None:
        self.now = utc_now() - HOUR

    def happens(self, *acts: Act) -> None:
        self.now += dt.timedelta(minutes=1)
        with unit() as session:
            for act in acts:
                act(session, self.now)
        self.sent(self.now)

    def sent(self, now: dt.datetime) -> None:
        worker.make(lambda: now).drain()

    def told(self) -> None:
        """A message of every kind leaves."""
        self.happens(self.invite, self.accounts)
        self.happens(self.move)
        self.happens(self.hand_over, self.sign)
        self.happens(self.announce)
        self.happens(self.succeeded)
        self.happens(self.claim, self.closed_once)
        self.happens(self.returned)
        self.remind()
        self.happens(self.asked_for_a_date)
        self.remind_of_the_date()
        self.happens(self.no_date)
        self.happens(lambda s, now: invitations.withdraw(s, self.dumai, ORGANISER, now))

    def invite(self, session: Session, now: dt.datetime) -> None:
        office = directory.an_office(session, DUMAI, "walikota")
        directory.an_address(session, office)
        days = (now.date() - build.START.date()).days + 40
        self.made = build.an_invited_head(session, now=now, days=days)
        bupati = self.made.invitation.office
        directory.an_address(session, bupati, "tu@siak.example")
        self.convening_id, self.siak = self.made.convening.id, self.made.invitation.id
        self.dumai = session.scalars(sa.select(Invitation.id).where(
            Invitation.convening_id == self.convening_id,
            Invitation.office_id == office.id)).one()
        text = pledges.a_text(session, self.made.convening)
        offers.offer(session, text.id, region_codes=[SIAK], actor=ORGANISER, now=now)
        self.pledge_id = session.scalars(sa.select(Pledge.id)).one()

    def accounts(self, session: Session, now: dt.datetime) -> None:
        place = Place("cohort", self.made.cohort.id)
        grants.invite(session, email="ani@contoh.example", name="Ani Contoh", role="auditor",
                      place=place, actor=COMMAND, now=now)
        accounts.add_organizer(session, "rina@contoh.example", "Rina Contoh", COMMAND, now)
        accounts.ask_password_link(session, "rina@contoh.example", now)
        self.rina = session.scalars(
            sa.select(User).where(User.email == "rina@contoh.example")).one().id

    def move(self, session: Session, now: dt.datetime) -> None:
        before = convenings.get(session, self.convening_id)
        plan = dataclasses.replace(convenings.as_planned(before), venue="Balai Kota")
        convenings.edit(session, before.id, plan, before.version, ORGANISER, now)

    def hand_over(self, session: Session, now: dt.datetime) -> None:
        made = dataclasses.replace(
            self.made, invitation=session.get_one(Invitation, self.siak))
        seats.attend(session, made.seat_id, office_guest(self.siak), now)
        over = build.a_hand_over(session, made, now, may_sign=True)
        sign_mandates.ask_sign_code(session, over.id, office_guest(self.siak), now)
        lost_link.ask(session, f"bupati.{SIAK}@contoh.example", now)

    def announce(self, session: Session, now: dt.datetime) -> None:
        rina = accounts.actor_of(session.get_one(User, self.rina), now)
        own_texts.send_test(session, self.convening_id, self.siak, "id", rina, now)
        announcements.announce(
            session, self.convening_id, announcements.Group(), "Bus dari bandara",
            "Berangkat pukul 07.00.", ORGANISER, now, reference="ABCDEFGH12345678", seen=2)

    def sign(self, session: Session, now: dt.datetime) -> None:
        pledges.signed(session, session.get_one(Pledge, self.pledge_id), now)

    def succeeded(self, session: Session, now: dt.datetime) -> None:
        """Somebody else holds the office from tomorrow on, and is asked then."""
        tomorrow = now + dt.timedelta(days=1)
        signature = session.scalars(sa.select(Signature)).one()
        appointments.appoint(
            session, office_id=signature.pledge.office_id,
            person_id=directory.a_person(session, "Baru Contoh").id, from_on=tomorrow.date(),
            standing="plh", actor=COMMAND, now=now)
        affirming.ask(session, signature.id, actor=ORGANISER, now=tomorrow)
        self.now = tomorrow

    def claim(self, session: Session, now: dt.datetime) -> None:
        cohort = convenings.get(session, self.convening_id).cohort
        self.item_id = actions.an_item(
            session, cohort, status="claimed", due_on=(now + 60 * actions.DAY).date(), now=now).id

    def closed_once(self, session: Session, now: dt.datetime) -> None:
        cohort = actions.a_cohort(session)
        actions.an_item(session, cohort)
        close(session, actions.a_running(session, cohort).id, actor=actions.ORGANISER,
              now=actions.NOW + HOUR)

    def returned(self, session: Session, now: dt.datetime) -> None:
        moves.give_back(session, self.item_id, note="Belum bertanggal.", actor=ORGANISER, now=now)

    def asked_for_a_date(self, session: Session, now: dt.datetime) -> None:
        days = dt.timedelta(days=(now.date() - build.START.date()).days + 60)
        ahead = tuple((build.START + days + n * actions.DAY,
                       build.START + days + n * actions.DAY + HOUR) for n in range(3))
        self.poll_id = polls.a_poll(
            session, now=now, dates=ahead, answer_by=now + 20 * actions.DAY).id

    def remind_of_the_date(self) -> None:
        for step in poll_reminders.steps(db.session().get_one(Poll, self.poll_id)):
            with unit() as session:
                poll_reminders.post_due(session, step.at)
            self.sent(step.at)

    def no_date(self, session: Session, now: dt.datetime) -> None:
        ask = polls.ask_of(session, session.get_one(Poll, self.poll_id), SIAK)
        poll_answers.answer(
            session, ask.id, {1: "yes", 2: "no", 3: "no"}, poll_answers.link_holder(ask.id), now)
        poll_end.cancel(session, self.poll_id, "Menunggu Menteri", ORGANISER, now)

    def remind(self) -> None:
        """Each reminder at its own moment, in the weeks to come."""
        for step in reminders.steps(db.session().get_one(Convening, self.convening_id)):
            with unit() as session:
                reminders.post_due(session, step.at)
            self.sent(step.at)


@pytest.fixture
def written(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the worker of this test logs."""
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    logs.configure("json")
    with app.app_context():
        yield log


def links(outbox: Path, base: str) -> set[str]:
    """Every address of ours in every part of every message."""
    found: set[str] = set()
    for path in outbox.glob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for part in mail.walk():
            if not part.is_multipart():
                raw = part.get_payload(decode=True)
                assert isinstance(raw, bytes)
                text = raw.decode().replace("\r\n ", "")
                found |= set(re.findall(re.escape(base) + r"(/[^\s\"<>\\,;]+)", text))
    return {link.rstrip(".)") for link in found}


def tables() -> dict[str, str]:
    """A digest of each table's rows."""
    session = db.session()
    session.rollback()
    found = {}
    for table in metadata.sorted_tables:
        rows = session.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
        found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    session.rollback()
    return found


def opened(ask: http.client.HTTPConnection, method: str, link: str) -> int:
    """The status of an answer, which no cache keeps unless it is public."""
    ask.request(method, link)
    answer = ask.getresponse()
    body = answer.read()
    assert (body == b"") == (method == "HEAD")
    assert link.startswith("/v/") or answer.headers["Cache-Control"] == "no-store", link
    return answer.status


def test_opening_every_mailed_link_changes_nothing_and_no_log_names_one(
    app: Flask, written: io.StringIO, count: Callable[[int, int], int]
) -> None:
    own = app.extensions["settings"]
    product = Product(own.home, own.database_url, more={"KEY_DIR": str(own.key_dir)})
    story = Story()
    story.told()
    kinds = set(db.session.scalars(sa.select(Message.kind).where(Message.state == "sent")))
    assert {KINDS[kind] for kind in kinds if kind in KINDS} == set(KINDS.values())
    mailed = links(own.outbox_dir, own.base_url)
    mailed |= {urlsplit(pass_link(one)).path for one in db.session.scalars(sa.select(Pass))}
    for place in PAGES.values():
        assert any(re.fullmatch(place.format("[^/]+"), link) for link in mailed), place
    codes = {Codes(keys().code).code(ident) for ident in db.session.scalars(
        sa.select(Challenge.id))}
    before = tables()
    ended = (story.dumai, "/u/CONTOH")  # taken off since; the link of a mail sent as a test
    status = {link: 404 if any(one in link for one in ended) else 200 for link in mailed}
    try:
        product.serve()
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", product.port, timeout=30)
        ) as ask:
            for link in sorted(mailed):
                answers = [opened(ask, method, link)
                           for _ in range(count(3, 100)) for method in ("GET", "HEAD")]
                assert set(answers) == {status[link]}, link
                assert opened(ask, "GET", f"{link[:-2]}--") == 404, "a damaged one is logged too"
    finally:
        product.stop()
    assert tables() == before
    said = written.getvalue() + product.log("web")
    assert written.getvalue().count('"message.sent"') > len(KINDS)
    assert product.log("web").count("path=/u/") > len(mailed), "so they would have been seen"
    secrets = {part for link in mailed for token in TOKEN.findall(link)
               for part in (token, token.rsplit(".", 1)[1])}
    assert [secret for secret in sorted(secrets | codes) if secret in said] == []
