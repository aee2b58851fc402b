"""Who may take which step: the whole table, every actor against every pair of states."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions import moves
from cohorts.actions.drops import drop
from cohorts.actions.proof import Proof
from cohorts.actions.standing import STATUSES, item
from cohorts.actions.tables import Evidence, ItemEvent
from cohorts.ground.access import PUBLIC, Actor, Held
from cohorts.ground.body import Body
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import actions as build
from tests.build import directory

OWNER = {  # domain rules, section 8, column by column
    ("open", "in_progress"), ("open", "blocked"), ("open", "claimed"),
    ("in_progress", "blocked"), ("in_progress", "claimed"),
    ("blocked", "in_progress"), ("blocked", "claimed"),
    ("claimed", "in_progress"),
    ("in_progress", "in_progress"), ("blocked", "blocked"),  # progress on any day
}  # fmt: skip
MENTOR = {("blocked", "in_progress"), ("claimed", "in_progress"), ("claimed", "verified")}
BEHALF = {
    ("open", "in_progress"), ("open", "blocked"), ("open", "claimed"),
    ("in_progress", "blocked"), ("in_progress", "claimed"), ("blocked", "claimed"),
    ("in_progress", "in_progress"), ("blocked", "blocked"),
}  # fmt: skip
ORGANISER = BEHALF | {
    ("in_progress", "open"), ("blocked", "open"), ("blocked", "in_progress"),
    ("claimed", "in_progress"), ("claimed", "verified"), ("verified", "in_progress"),
    ("open", "dropped"), ("in_progress", "dropped"), ("blocked", "dropped"),
    ("dropped", "open"), ("dropped", "in_progress"),
}  # fmt: skip
ALLOWED = {
    "owner": OWNER, "head": OWNER, "sekda": OWNER,
    "mentor": MENTOR, "organiser": ORGANISER,
    "other office": set(), "head of another region": set(), "mentor of the region": set(),
    "mentor elsewhere": set(), "minute taker": set(), "auditor": set(), "public": set(),
}  # fmt: skip
PAIRS = list(itertools.product(STATUSES, STATUSES))


def who(session: Session, name: str, cohort: object) -> Actor:
    offices = {
        "owner": (build.SIAK, "kadiskominfo"),
        "head": (build.SIAK, "kepala_daerah"),
        "sekda": (build.SIAK, "sekda"),
        "other office": (build.SIAK, "kabid"),
        "head of another region": (build.DUMAI, "kepala_daerah"),
    }
    if name in offices:
        code, role = offices[name]
        return build.an_owner(session, cohort, directory.an_office(session, code, role))
    return {
        "mentor": build.MENTOR,
        "organiser": build.ORGANISER,
        "mentor of the region": Actor(
            "user", "M2", held=(Held("mentor"),), regions=frozenset({build.SIAK})
        ),
        "mentor elsewhere": Actor("user", "M3", held=(Held("mentor", "region", build.DUMAI),)),
        "minute taker": build.MINUTES,
        "auditor": build.AUDITOR,
        "public": PUBLIC,
    }[name]


NO = ("ground.not_allowed", "actions.no_such_move", "actions.own_region", "actions.claimed")


def take(session: Session, item_id: str, to: str, actor: Actor) -> str | None:
    """Try a step; the code of its refusal, or None."""
    try:
        if to == "dropped":
            drop(session, item_id, "not_feasible", actor=actor, now=build.NOW)
        else:
            moves.move(
                session, item_id, to, actor=actor, now=build.NOW, note="Catatan.",
                blocked_by="BPKAD", proofs=[build.SCAN] if to == "claimed" else [],
            )  # fmt: skip
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("name", ALLOWED)
def test_the_table_of_steps_is_obeyed(session: Session, name: str) -> None:
    cohort = build.a_cohort(session)
    office = directory.an_office(session, build.SIAK, "kadiskominfo")
    actor = who(session, name, cohort)
    kept = {status: build.an_item(session, cohort, office, status=status) for status in STATUSES}
    taken = set()
    for source, to in PAIRS:
        with session.begin_nested() as point:
            code = take(session, kept[source].id, to, actor)
            if code is not None:
                assert code in NO, (source, to, code)
            else:
                taken.add((source, to))
                assert item(session, kept[source].id).status == to
                last = item(session, kept[source].id)
                assert last.on_behalf is (name == "organiser" and (source, to) in BEHALF)
            point.rollback()
    assert taken == ALLOWED[name]


def test_nobody_verifies_what_they_claimed(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort)
    moves.claim(session, found.id, proofs=[build.SCAN], actor=build.ORGANISER, now=build.NOW)
    with pytest.raises(Refusal) as refused:
        moves.verify(session, found.id, actor=build.ORGANISER, now=build.NOW)
    assert refused.value.code == "actions.own_claim"
    other = moves.verify(session, found.id, actor=build.OTHER_ORGANISER, now=build.NOW)
    assert other.status == "verified"


def test_an_organiser_of_the_region_judges_nothing_of_it(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort, status="claimed")
    local = Actor("user", "O9", held=(Held("organizer"),), regions=frozenset({build.SIAK}))
    for to in ("verified", "in_progress"):
        with pytest.raises(Refusal) as refused:
            moves.move(session, found.id, to, note="x", actor=local, now=build.NOW)
        assert refused.value.code == "actions.own_region"


def test_a_reopened_item_needs_a_new_claim_and_a_new_verdict(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort, status="verified")
    with pytest.raises(Refusal) as refused:
        moves.move(session, found.id, "in_progress", actor=build.ORGANISER, now=build.NOW)
    assert refused.value.code == "actions.note_missing"
    back = moves.move(
        session, found.id, "in_progress", note="Salinan tidak bernomor.",
        actor=build.ORGANISER, now=build.NOW,
    )  # fmt: skip
    assert (back.kind, back.verified, back.unresolved) == ("reopened", False, True)
    with pytest.raises(Refusal):
        moves.verify(session, found.id, actor=build.MENTOR, now=build.NOW)


def test_a_claim_comes_with_evidence_and_a_block_with_reason_and_who(session: Session) -> None:
    cohort = build.a_cohort(session)
    office = directory.an_office(session, build.SIAK, "sekda")
    owner = build.an_owner(session, cohort, office)
    found = build.an_item(session, cohort)
    wrong = [
        ("claimed", {}, "actions.evidence_missing"),
        ("claimed", {"proofs": [build.SCAN] * 6}, "actions.evidence_too_many"),
        ("claimed", {"proofs": [Proof("link", "javascript:alert(1)")]}, "actions.evidence_link"),
        ("blocked", {"blocked_by": "BPKAD"}, "actions.note_missing"),
        ("blocked", {"note": "Anggaran."}, "actions.blocker_missing"),
        ("blocked", {"note": "x" * 4001, "blocked_by": "BPKAD"}, "ground.too_long"),
        ("blocked", {"note": "x", "blocked_by": "y" * 201}, "ground.too_long"),
    ]
    for to, more, code in wrong:
        with pytest.raises(Refusal) as refused:
            moves.move(session, found.id, to, actor=owner, now=build.NOW, **more)
        assert refused.value.code == code
    decree = Proof("decree", "800/12/2023 (9 Januari 2023)")
    moves.claim(session, found.id, proofs=[build.SCAN, decree], actor=owner, now=build.NOW)
    assert set(session.scalars(sa.select(Evidence.kind))) == {"link", "decree"}


def test_a_return_tells_the_owner_why_and_a_withdrawal_tells_nobody(session: Session) -> None:
    cohort = build.a_cohort(session)
    directory.a_holder(session, build.SIAK, "sekda")
    office = directory.an_office(session, build.SIAK, "sekda")
    owner = build.an_owner(session, cohort, office)
    mine = build.an_item(session, cohort, office, status="claimed")
    moves.give_back(session, mine.id, note="", actor=owner, now=build.NOW)
    assert item(session, mine.id).kind == "withdrawn"
    told = sa.select(Message).where(Message.kind == "item_returned")
    assert session.scalars(told).all() == []
    other = build.an_item(session, cohort, office, status="claimed")
    with pytest.raises(Refusal) as refused:
        moves.give_back(session, other.id, note="  ", actor=build.MENTOR, now=build.NOW)
    assert refused.value.code == "actions.note_missing"
    moves.give_back(session, other.id, note="Nomor SK belum ada.", actor=build.MENTOR,
                    now=build.NOW)  # fmt: skip
    message = session.scalars(told).one()
    assert message.subject_id == other.id
    assert message.facts == {"office_id": office.id, "seq": 3}
    assert message.address.endswith("@contoh.example")


def test_two_who_saw_the_same_version_are_told_apart(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort)
    office = directory.an_office(session, build.SIAK, "sekda")
    owner = build.an_owner(session, cohort, office)
    moves.start(session, found.id, version=found.version, actor=owner, now=build.NOW)
    with pytest.raises(Refusal) as refused:
        moves.claim(session, found.id, version=found.version, proofs=[build.SCAN], actor=owner,
                    now=build.NOW)  # fmt: skip
    assert refused.value.code == "ground.stale"
    assert refused.value.facts["version"] == 2
    assert item(session, found.id).status == "in_progress"


def test_the_chronicle_holds_the_hash_of_a_note_and_not_its_words(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort, status="blocked")
    entry = session.scalars(
        sa.select(ChronicleEntry)
        .where(ChronicleEntry.subject_id == found.id, ChronicleEntry.event == "actions.item_moved")
    ).one()
    event = session.scalars(sa.select(ItemEvent).where(ItemEvent.id == found.event_id)).one()
    assert entry.data["note"] == session.get_one(Body, event.note_id).sha256
    assert "Menunggu" not in str(entry.data)
