"""What tests of upper floors need of commitments, made through their rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import convening as convenings
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Office
from cohorts.ground.access import Actor, Held
from cohorts.ground.base import new_id
from cohorts.ground.codes import Codes
from cohorts.ground.links import Link
from cohorts.pledges import marks, offers, signing
from cohorts.pledges import text as texts
from cohorts.pledges.signatories import Signatory, behind
from cohorts.pledges.tables import Pledge, PledgeText, Signature
from cohorts.programme.tables import Cohort, Membership
from tests.build import directory

NOW = dt.datetime(2022, 11, 11, 3, 0, tzinfo=dt.UTC)  # Friday, 11.00 WITA
ORGANISER = Actor("user", "USERORGANISER001", held=(Held("organizer"),))
CODES = Codes(b"k" * 32)
DUE = dt.date(2023, 6, 30)
TARGETS = (
    texts.TargetDraft(
        title="Menerapkan satu praktik baik",
        criterion="Praktik dipakai di satu perangkat daerah",
        role_key="kepala_daerah",
        due_on=DUE,
        unit="praktik",
        baseline="0",
        target="1",
    ),
    texts.TargetDraft(
        title="Menyusun rencana aksi",
        criterion="Rencana aksi ditetapkan",
        role_key="sekda",
        due_on=dt.date(2023, 1, 20),
        baseline="belum ada",
        target="ditetapkan",
    ),
)
WORDS = texts.TextDraft(
    title="Komitmen Bersama",
    preamble="Kami, para bupati dan wali kota, menyatakan komitmen untuk:",
    clauses=("menerapkan satu praktik baik;", "melaporkan kemajuan apa adanya."),
    closing="Komitmen ini kami buat dengan penuh kesadaran.",
    targets=TARGETS,
)


def a_cohort(session: Session, *codes: str, sample: bool = True) -> Cohort:
    """A cohort whose members have visited."""
    directory.the_directory(session)
    cohort = Cohort(
        id=new_id(), slug=f"k-{new_id().lower()}", name_id="Kohort 2022", name_en="Cohort 2022",
        starts_on=dt.date(2022, 10, 1), sample=sample, created_at=NOW,
    )
    session.add(cohort)
    session.flush()
    for code in codes:
        session.add(
            Membership(
                id=new_id(), cohort_id=cohort.id, region_code=code, entry_path="visited",
                joined_on=dt.date(2022, 10, 3), recorded_at=directory.NOW, recorded_by="test",
            )
        )
    session.flush()
    return cohort


def a_convening(session: Session, cohort: Cohort, *, deputy_may_sign: bool = True) -> Convening:
    """Bali, 21 November 2022, 09.00 WITA."""
    start = dt.datetime(2022, 11, 21, 1, 0, tzinfo=dt.UTC)
    made = convenings.plan(
        session,
        cohort.id,
        convenings.Plan(
            title_id="Pertemuan ke-3", starts_at=start, ends_at=start + dt.timedelta(hours=7),
            timezone="Asia/Makassar", venue="Kampus UID", reply_by=start - dt.timedelta(days=5),
            door_opens_at=start - dt.timedelta(hours=2),
            door_closes_at=start + dt.timedelta(hours=7), deputy_may_sign=deputy_may_sign,
        ),
        ORGANISER,
        NOW,
    )
    return convenings.announce(session, made.id, ORGANISER, NOW)


def a_text(session: Session, convening: Convening, words: texts.TextDraft = WORDS) -> PledgeText:
    """A published text."""
    made = texts.draft(session, convening.id, words, actor=ORGANISER, now=NOW)
    return offers.publish(session, made.id, actor=ORGANISER, now=NOW)


@dataclass(frozen=True)
class Scene:
    """A published text, offered to the heads of two member regions with holders and addresses."""

    cohort: Cohort
    convening: Convening
    text: PledgeText
    office: Office
    pledge: Pledge


def a_scene(session: Session, *, sample: bool = True, deputy_may_sign: bool = True) -> Scene:
    """Bupati Sumedang (32.11) and Bupati Siak (14.08) are asked to sign; the first is at hand."""
    directory.the_directory(session)
    held = directory.a_holder(session, "32.11", "bupati", name="Rahmat Contoh")
    directory.a_holder(session, "14.08", "bupati", name="Alfian Contoh")
    cohort = a_cohort(session, "32.11", "14.08", sample=sample)
    convening = a_convening(session, cohort, deputy_may_sign=deputy_may_sign)
    text = a_text(session, convening)
    offers.offer(
        session, text.id, region_codes=["32.11", "14.08"], actor=ORGANISER, now=NOW
    )
    pledge = session.scalars(
        sa.select(Pledge).where(Pledge.text_id == text.id, Pledge.office_id == held.office_id)
    ).one()
    return Scene(cohort, convening, text, pledge.office, pledge)


def comes_by_link(session: Session, pledge: Pledge, now: dt.datetime = NOW) -> Signatory:
    """Who stands behind the pledge's present link."""
    return behind(session, Link(pledge.id, pledge.generation), now=now)


def signed(session: Session, pledge: Pledge, now: dt.datetime = NOW) -> Signature:
    """The holder signs, typing the name, with the code that was sent."""
    who = comes_by_link(session, pledge, now)
    assert who.person is not None
    mark = marks.typed(who.person.full_name, name=who.person.full_name)
    signing.prepare(session, who, mark, agreed=True, lang="id", now=now)
    challenge = signing.ask_code(session, who, transport="files", now=now)
    answer = signing.sign(
        session, CODES, who, CODES.code(challenge.id), transport="files",
        now=now + dt.timedelta(minutes=1),
    )
    assert answer.signature is not None
    return answer.signature
