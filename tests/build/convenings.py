"""What tests of this floor and above need of convenings, made through their rules."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain, convening, invitation, mandates
from cohorts.convenings.chain import SeatState
from cohorts.convenings.guests import deputy_guest, office_guest
from cohorts.convenings.mandates import Deputy
from cohorts.convenings.tables import Convening, HandOver, Invitation
from cohorts.directory.offices import set_stand_ins
from cohorts.ground.access import COMMAND, Actor, Held
from cohorts.ground.base import new_id
from cohorts.ground.outbox import Message
from cohorts.programme.tables import Cohort, Membership
from tests.build import directory

NOW = dt.datetime(2022, 11, 4, 2, 0, tzinfo=dt.UTC)  # Friday, 09.00 WIB, 10.00 WITA
HOUR = dt.timedelta(hours=1)
START = dt.datetime(2022, 11, 21, 1, 0, tzinfo=dt.UTC)  # Monday, 09.00 WITA
ORGANISER = Actor("user", "USERORGANISER001", held=(Held("organizer"),))
DOOR = Actor("user", "USERDOOR00000001", held=(Held("door_officer"),))
SIAK = "14.08"
DUMAI = "14.72"

PLAN = convening.Plan(
    title_id="Penandatanganan Komitmen Bersama",
    title_en="Signing of the Joint Commitment",
    starts_at=START,
    ends_at=START + 7 * HOUR,
    timezone="Asia/Makassar",
    venue="Kampus UID",
    address="Serangan, Kota Denpasar",
    dress="Batik lengan panjang",
    contact_name="Rina Contoh",
    contact_phone="0812-0000-0000",
    reply_by=dt.datetime(2022, 11, 14, 9, 0, tzinfo=dt.UTC),
    door_opens_at=START - HOUR,
    door_closes_at=START + 6 * HOUR,
    deputy_may_sign=True,
)


def a_cohort(session: Session, *codes: str, sample: bool = True) -> Cohort:
    """A cohort with these regions as members since October 2022."""
    directory.the_directory(session)
    cohort = Cohort(
        id=new_id(), slug=f"k-{new_id().lower()}", name_id="Kohort 2022", name_en="Cohort 2022",
        starts_on=dt.date(2022, 10, 1), sample=sample, created_at=directory.NOW,
    )  # fmt: skip
    session.add(cohort)
    session.flush()
    session.add_all(
        Membership(
            id=new_id(), cohort_id=cohort.id, region_code=code, entry_path="visited",
            joined_on=dt.date(2022, 10, 3), recorded_at=directory.NOW, recorded_by="test",
        )
        for code in codes
    )
    session.flush()
    return cohort


def a_draft(
    session: Session, cohort: Cohort, *, now: dt.datetime = NOW, **changes: Any
) -> Convening:
    """A draft, by default Bali on 21 November 2022; ``days`` moves all of its times."""
    days = dt.timedelta(days=changes.pop("days", 0))
    number = changes.pop("number", None)
    moved = {
        name: getattr(PLAN, name) + days
        for name in ("starts_at", "ends_at", "reply_by", "door_opens_at", "door_closes_at")
    }
    plan = dataclasses.replace(PLAN, **{**moved, **changes})
    return convening.plan(session, cohort.id, plan, COMMAND, now, number=number)


def a_convening(
    session: Session, cohort: Cohort, *, now: dt.datetime = NOW, **changes: Any
) -> Convening:
    """The same, announced."""
    made = a_draft(session, cohort, now=now, **changes)
    return convening.announce(session, made.id, COMMAND, now)


@dataclasses.dataclass(frozen=True)
class Invited:
    """Bali with its invited heads of Siak and Dumai; Siak is at hand."""

    cohort: Cohort
    convening: Convening
    invitation: Invitation
    guest: Actor

    def state(self, session: Session, at: dt.datetime) -> SeatState:
        found = chain.who_comes(session, self.invitation.id, at)
        assert found is not None
        return found

    @property
    def seat_id(self) -> str:
        return self.invitation.seats[0].id


def an_invited_head(session: Session, *, now: dt.datetime = NOW, **changes: Any) -> Invited:
    """Bupati Siak is invited, with a confirmed address; wabup, sekda and asisten hold office too.

    Wali Kota Dumai is invited as well, vacant and without an address.
    """
    directory.the_directory(session)
    directory.a_holder(session, SIAK, "bupati", name="Rahmat Contoh")
    directory.a_holder(session, SIAK, "wabup", name="Nurlaila Contoh")
    directory.a_holder(session, SIAK, "sekda", name="Syafrizal Contoh")
    directory.a_holder(session, SIAK, "kadiskominfo", name="Budi Contoh")
    stand_ins = (("bupati", ["wabup", "sekda"]), ("sekda", ["asisten", "kadiskominfo"]))
    for role, keys in stand_ins:
        set_stand_ins(session, role, keys, actor=COMMAND, now=directory.NOW)
    cohort = a_cohort(session, SIAK, DUMAI)
    made = a_convening(session, cohort, now=now, **changes)
    invitation.invite(session, made.id, ["kepala_daerah"], ORGANISER, now)
    office = directory.an_office(session, SIAK, "bupati")
    invited = session.scalars(
        sa.select(Invitation).where(
            Invitation.convening_id == made.id, Invitation.office_id == office.id
        )
    ).one()
    return Invited(cohort, made, invited, office_guest(invited.id))


def a_hand_over(
    session: Session, invited: Invited, now: dt.datetime, role: str = "sekda", **more: Any
) -> HandOver:
    """The office passes its seat on to a post of the same region."""
    office = directory.an_office(session, SIAK, role)
    return mandates.hand_over(
        session, invited.seat_id, Deputy(office_id=office.id), invited.guest, now, **more
    )


def a_second_hand_over(
    session: Session, invited: Invited, first: HandOver, now: dt.datetime, **more: Any
) -> HandOver:
    """The first deputy (sekda) passes it on to the Kadiskominfo."""
    office = directory.an_office(session, SIAK, "kadiskominfo")
    return mandates.hand_over(
        session, invited.seat_id, Deputy(office_id=office.id), deputy_guest(first.id), now, **more
    )


def mail(session: Session, invitation_id: str) -> list[tuple[str, str]]:
    """Kind and state of what was posted for a guest, in order."""
    rows = session.scalars(
        sa.select(Message).where(Message.thread == f"guest:{invitation_id}").order_by(Message.id)
    )
    return [(m.kind, m.state) for m in rows]


def it_leaves(session: Session, invitation_id: str, now: dt.datetime) -> None:
    """As if the worker had sent all that is due to this guest."""
    session.execute(
        sa.update(Message)
        .where(Message.thread == f"guest:{invitation_id}", Message.state == "ready")
        .values(state="sent", sent_at=now)
    )
