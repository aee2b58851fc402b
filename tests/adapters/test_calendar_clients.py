"""The mails that leave, read by two calendars from elsewhere: one event, updated, then removed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import email.policy
import json
import subprocess
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import worker
from app.invitation_texts import invitation_link
from app.mail.compose import reply_address
from app.unit import unit
from cohorts.convenings import convening as convenings
from cohorts.convenings import invitation as invitations
from cohorts.convenings import seats
from cohorts.convenings.guests import office_guest
from cohorts.convenings.tables import Invitation
from cohorts.turns.cancel import cancel
from tests import node
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DUMAI, HOUR, NOW, ORGANISER, SIAK

CLIENTS = Path(__file__).with_name("calendar_clients.mjs")
MINUTE = dt.timedelta(minutes=1)
TITLE = (
    'Penandatanganan "Komitmen Bersama", tahap I; Kab./Kota é – pembacaan naskah, tanda tangan, '
    "dan penyerahan kepada Menteri\\Kepala Badan yang membidangi pemerintahan digital di daerah"
)
PLACE = 'Aula "Serbaguna"; Lt. 2, Kampus UID – Bali'
SIAK_MAIL, DUMAI_MAIL = f"bupati.{SIAK}@contoh.example", "tu@dumai.example"
OFFICE = 'Plt. Kepala Dinas "Kominfo", Statistik; dan: Persandian Kota Dumai'


def shown(*mailboxes: list[dict[str, str]]) -> list[list[Any]]:
    """What both calendars show alike after each mail of each mailbox: the event, or None."""
    done = subprocess.run(
        [node.program(), CLIENTS], input=json.dumps(mailboxes), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return [[_alike(*two) for two in mails] for mails in json.loads(done.stdout)]


def _alike(mozillas: list[Any], others: list[Any]) -> Any:
    assert mozillas == others
    assert len(mozillas) <= 1, "one convening is one event"
    return mozillas[0] if mozillas else None


class Story:
    """Bali with two guests who are written to; the worker writes each mail to its file."""

    def __init__(self, app: Flask, outbox: Path) -> None:
        self.app, self.outbox = app, outbox
        self.now = NOW
        self.read: set[str] = set()
        self.received: dict[str, list[dict[str, str]]] = {}
        with unit() as session:
            office = directory.an_office(session, DUMAI, "walikota")
            office.name = OFFICE
            directory.an_address(session, office, DUMAI_MAIL)
            made = build.an_invited_head(session, title_id=TITLE, title_en=TITLE, venue=PLACE)
            self.convening_id, self.siak = made.convening.id, made.invitation.id
            self.dumai = session.scalars(
                sa.select(Invitation.id).where(
                    Invitation.convening_id == self.convening_id, Invitation.office_id == office.id
                )
            ).one()

    def happens(self, act: Callable[[Session, dt.datetime], object]) -> None:
        """One act of somebody, then the worker."""
        self.now += MINUTE
        with unit() as session:
            act(session, self.now)
        self.sent()

    def sent(self) -> None:
        """Let the worker write what is due, and sort it by guest."""
        worker.make(lambda: self.now, quiet=True).drain()
        for path in sorted(self.outbox.glob("*.eml")):
            if path.name not in self.read:
                self.read.add(path.name)
                self.receive(path.read_bytes())

    def receive(self, raw: bytes) -> None:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        parts = {part.get_content_type(): part for part in mail.walk()}
        if "text/calendar" not in parts:
            return
        invite, attached = parts["text/calendar"], parts["application/ics"]
        assert invite.get_payload(decode=True) == attached.get_payload(decode=True)
        (to,) = mail["To"].addresses
        text = invite.get_payload(decode=True)
        assert isinstance(text, bytes)
        self.received.setdefault(to.addr_spec, []).append(
            {"method": str(invite.get_param("method")), "text": text.decode("ascii")}
        )

    def move(self, zone: str, **changes: Any) -> None:
        def edit(session: Session, now: dt.datetime) -> None:
            before = convenings.get(session, self.convening_id)
            plan = convenings.as_planned(before)
            changed = dataclasses.replace(plan, timezone=zone, **changes)
            convenings.edit(session, self.convening_id, changed, before.version, ORGANISER, now)

        self.happens(edit)

    def seat(self, session: Session) -> str:
        return session.get_one(Invitation, self.siak).seats[0].id


def when(event: Any) -> Any:
    """The revision: its number, hour in UTC, zone, and how the guest stands in it."""
    return event and (
        event["sequence"],
        event["start"][11:16],
        event["zone"],
        event["partstat"],
        event["rsvp"],
    )


@pytest.fixture
def story(app: Flask) -> Any:
    with app.app_context():
        made = Story(app, app.extensions["settings"].outbox_dir)
        made.sent()
        yield made


def test_one_event_is_updated_in_place_and_then_removed(story: Story) -> None:
    start, siak = build.START, office_guest(story.siak)
    story.happens(lambda s, now: seats.attend(s, story.seat(s), siak, now))
    story.move("Asia/Jakarta", starts_at=start + HOUR, ends_at=start + 9 * HOUR, venue="Balai Kota")
    story.happens(lambda s, now: seats.decline(s, story.seat(s), "other_duty", siak, now))
    story.happens(lambda s, now: invitations.withdraw(s, story.dumai, ORGANISER, now))
    story.move("Asia/Jayapura", starts_at=start + 2 * HOUR, venue=PLACE)
    story.happens(
        lambda s, now: invitations.invite(s, story.convening_id, ["kepala_daerah"], ORGANISER, now)
    )
    story.happens(
        lambda s, now: cancel(s, story.convening_id, reason="Cuaca buruk", actor=ORGANISER, now=now)
    )

    bupati, mayor = story.received[SIAK_MAIL], story.received[DUMAI_MAIL]
    of_bupati, of_mayor, *late = shown(
        bupati, mayor, bupati[::-1], [*mayor, *mayor], [*mayor[:3], *mayor[:2]]
    )
    assert [when(event) for event in of_bupati] == [
        (0, "01:00", "Asia/Makassar", "NEEDS-ACTION", "TRUE"),
        (0, "01:00", "Asia/Makassar", "ACCEPTED", ""),
        (1, "02:00", "Asia/Jakarta", "NEEDS-ACTION", "TRUE"),
        (1, "02:00", "Asia/Jakarta", "DECLINED", ""),
        (2, "03:00", "Asia/Jayapura", "NEEDS-ACTION", "TRUE"),
        None,
    ]
    assert [event and event["zone"] for event in of_mayor] == [
        "Asia/Makassar",
        "Asia/Jakarta",
        None,
        "Asia/Jayapura",
        None,
    ], "taken off alone, invited again, called off with everybody"
    assert [mails[-1] for mails in late] == [None] * 3, "no late or doubled mail brings it back"
    assert len({event["uid"] for event in [*of_bupati, *of_mayor] if event}) == 1
    assert {event["location"] for event in of_bupati if event and event["sequence"] == 1} == {
        "Balai Kota, Serangan, Kota Denpasar"
    }


def test_names_marks_and_long_lines_arrive_as_they_were_meant(story: Story) -> None:
    (mail,) = story.received[DUMAI_MAIL]
    assert max(len(line) for line in mail["text"].split("\r\n")) <= 75
    ((event,),) = shown([mail])
    assert event["summary"] == "Pertemuan ke-1: " + TITLE.replace("–", "-").replace("é", "e")
    assert event["location"] == PLACE.replace("–", "-") + ", Serangan, Kota Denpasar"
    assert event["guest"] == [
        "Plt. Kepala Dinas 'Kominfo', Statistik, dan: Persandian Kota Dumai",
        DUMAI_MAIL,
    ]
    organiser = story.app.extensions["settings"].organiser_name
    assert event["organizer"] == [organiser, reply_address(story.dumai)]
    assert event["description"].splitlines()[0].endswith(invitation_link(story.dumai, 1)), (
        "the way to answer is not cut"
    )
    assert (event["status"], event["alarms"]) == ("CONFIRMED", ["-P1D"])
