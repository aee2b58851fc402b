"""What somebody with a forwarded invitation has and does; each region of `World` is one try."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import itertools

import sqlalchemy as sa
from flask import Flask

from app import invitation_texts as texts
from app.extensions import db, keys
from app.filters import utc_now
from app.unit import unit
from cohorts.convenings import convening as convenings
from cohorts.convenings import invitation as invitations
from cohorts.convenings.tables import Convening, HandOver, Invitation, Seat
from cohorts.directory.tables import Region
from cohorts.ground.codes import Challenge, Codes
from cohorts.ground.links import Link
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from cohorts.pledges import offers, signatories
from tests.build import convenings as build
from tests.build import directory, pledges
from tests.build.convenings import ORGANISER
from tests.web.pages import Page, Pages

PDF = b"%PDF-1.4\n" + b"x" * 40
MOST = 28  # regions, one for each way


class World:
    """One convening where deputies may sign, one where they may not, and a text to sign."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            now = utc_now()
            days = (now.date() - build.START.date()).days + 10
            with unit() as session:
                directory.the_directory(session)
                self.regions = list(session.scalars(
                    sa.select(Region.code)
                    .where(Region.type == "kabupaten", Region.autonomous)
                    .order_by(Region.code).limit(MOST)))
                for code in self.regions:
                    directory.a_holder(session, code, "bupati", name=f"Kepala {code} Contoh")
                    directory.a_holder(session, code, "sekda", name=f"Sekda {code} Contoh")
                self.convenings = {}
                for signs in (True, False):
                    cohort = build.a_cohort(session, *self.regions)
                    made = build.a_convening(
                        session, cohort, now=now, policy="free", days=days, deputy_may_sign=signs)
                    text = pledges.a_text(session, made)
                    offers.offer(session, text.id, region_codes=self.regions, actor=ORGANISER,
                                 now=now)
                    invitations.invite(session, made.id, ["kepala_daerah"], ORGANISER, now)
                    self.convenings[signs] = made.id
            db.session.remove()
        self.free = itertools.count()


class Forwarded:
    """The attacker, with the invitation of one office."""

    def __init__(self, world: World, *, signs: bool = True, region: str | None = None) -> None:
        self.app, self.world = world.app, world
        self.region = region or world.regions[next(world.free)]
        self.convening_id = world.convenings[signs]
        self.pages = Pages(world.app)
        with self.app.app_context():
            office = directory.an_office(db.session(), self.region, "bupati")
            self.office_id = office.id
            found = db.session.scalars(sa.select(Invitation).where(
                Invitation.convening_id == self.convening_id,
                Invitation.office_id == office.id)).one()
            self.invitation_id = found.id
            self.url = path(texts.invitation_link(found.id, found.generation))
            db.session.remove()
        self.office_mail = f"bupati.{self.region}@contoh.example"

    def name_oneself(self, url: str = "", *, status: int = 200, **more: str) -> Page:
        """Hand the seat over to the attacker, with the right to sign ticked."""
        url = url or self.url
        return self.pages.post(f"{url}/delegate", {
            "deputy": "other", "name": "Jahat Contoh", "free_post": "Staf Ahli", "may_sign": "y",
        } | more, status)

    def ask(self, url: str = "", status: int = 200, **more: str) -> Page:
        """Have a code sent."""
        return self.pages.post(f"{url or self.url}/mandate", {"send": "1"} | more, status)

    def enter(self, code: str, url: str = "") -> int:
        """Try a code; the answer's status."""
        return self.pages.client.post(f"{url or self.url}/mandate", data={
            "csrf_token": self.pages.token(), "code": code}).status_code

    def code(self) -> str:
        """The newest code to this office: what only its own mailbox shows."""
        with self.app.app_context():
            over = sa.select(HandOver.id).join(Seat, Seat.id == HandOver.seat_id).where(
                Seat.invitation_id == self.invitation_id)
            ident = db.session.scalars(
                sa.select(Challenge.id).where(Challenge.subject_id.in_(over))
                .order_by(Challenge.issued_at.desc())).first()
            assert ident is not None
            found = Codes(keys().code).code(ident)
            db.session.remove()
        return found

    def steps(self) -> list[HandOver]:
        """Every hand-over of the seat, the newest last."""
        with self.app.app_context():
            found = list(db.session.scalars(
                sa.select(HandOver).join(Seat, Seat.id == HandOver.seat_id)
                .where(Seat.invitation_id == self.invitation_id).order_by(HandOver.at)))
            db.session.remove()
        return found

    def deputy_url(self) -> str:
        """The page of the newest deputy."""
        with self.app.app_context():
            return path(texts.deputy_link(self.steps()[-1].id))

    def who_may_sign(self) -> list[str]:
        """Names of the deputies who could sign for this office now."""
        found = []
        for step in self.steps():
            with self.app.app_context():
                with contextlib.suppress(Refusal):
                    who = signatories.behind(db.session(), Link(step.id, 1), now=utc_now())
                    found.append(signatories.ready(db.session(), who).name)
                db.session.remove()
        return found

    def codes_went_to(self) -> set[str]:
        """Every address that got a code for this office."""
        with self.app.app_context():
            overs = [step.id for step in self.steps()]
            found = set(db.session.scalars(
                sa.select(Message.address)
                .join(Challenge, Message.subject_id == Challenge.id)
                .where(Message.kind == "code", Challenge.subject_id.in_(overs))))
            db.session.remove()
        return found

    def in_unit(self, act: object) -> None:
        """Something that happens meanwhile."""
        with self.app.app_context():
            with unit() as session:
                act(session)  # type: ignore[operator]
            db.session.remove()

    def count(self, table: type) -> int:
        with self.app.app_context():
            found = db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            db.session.remove()
        return found


def path(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def attach(attacker: Forwarded, letter: bytes = PDF) -> None:
    """Upload a surat tugas through the link."""
    attacker.pages.post(f"{attacker.url}/letter", {"letter": (io.BytesIO(letter), "surat.pdf")})


def allow(attacker: Forwarded, *, deputies: bool) -> None:
    """The organiser changes whether deputies may sign at this convening."""
    def change(session: object) -> None:
        found = session.get_one(Convening, attacker.convening_id)  # type: ignore[attr-defined]
        plan = dataclasses.replace(convenings.as_planned(found), deputy_may_sign=deputies)
        convenings.edit(session, found.id, plan, found.version, ORGANISER, utc_now())  # type: ignore[arg-type]

    attacker.in_unit(change)
