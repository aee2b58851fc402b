"""Start, close, re-open, cancel: what each refuses and what it leaves behind."""

from __future__ import annotations

import hashlib
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from cohorts.actions import items, moves, record
from cohorts.actions.drops import drop
from cohorts.actions.standing import items_at
from cohorts.actions.tables import AgendaRow, Closing, ClosingItem, Reopening
from cohorts.convenings.tables import Convening
from cohorts.door.tables import Station, StationConvening
from cohorts.ground import log
from cohorts.ground.access import Actor, Held
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.log import LogLeaf
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from cohorts.turns import past
from cohorts.turns.cancel import cancel
from cohorts.turns.close import close, preview
from cohorts.turns.reopen import reopen
from cohorts.turns.start import start
from tests.build import actions as build
from tests.build import directory

NOW, DAY, HOUR = build.NOW, build.DAY, build.HOUR
WHO = {"actor": build.ORGANISER}


def refused(rule: object, *args: object, **more: object) -> Refusal:
    with pytest.raises(Refusal) as info:
        rule(*args, **more)  # type: ignore[operator]
    return info.value


def closings(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Closing)) or 0


def test_an_earlier_planned_convening_is_held_moved_or_cancelled_first(session: Session) -> None:
    cohort = build.a_cohort(session)
    first, second = (build.a_planned(session, cohort, days=n) for n in (0, 9))
    no = refused(start, session, second.id, now=NOW, **WHO)
    assert (no.code, no.facts["number"]) == ("convenings.earlier_planned", 1)
    assert session.scalar(sa.select(sa.func.count()).select_from(AgendaRow)) == 0
    cancel(session, first.id, reason="Ditiadakan.", now=NOW, **WHO)
    assert start(session, second.id, now=NOW, **WHO).state == "in_progress"
    assert refused(cancel, session, second.id, reason="x", now=NOW, **WHO).code == (
        "convenings.not_planned"
    )


def test_only_an_organiser_turns(session: Session) -> None:
    cohort = build.a_cohort(session)
    meeting = build.a_running(session, cohort)
    elsewhere = Actor("user", "o", held=(Held("organizer", "cohort", "OTHERCOHORT00001"),))
    for actor in (build.MINUTES, build.MENTOR, build.AUDITOR, elsewhere):
        assert refused(close, session, meeting.id, actor=actor, now=NOW).code == (
            "ground.not_allowed"
        )


def test_a_meeting_is_not_closed_over_incomplete_items_and_nothing_changes(
    session: Session,
) -> None:
    cohort = build.a_cohort(session)
    meeting = build.a_running(session, cohort)
    bare = items.raise_item(session, cohort.id, title="Jadwal", convening_id=meeting.id,
                            actor=build.MINUTES, now=NOW)  # fmt: skip
    office = directory.an_office(session, build.SIAK, "sekda")
    half = items.raise_item(session, cohort.id, title="Format", convening_id=meeting.id,
                            office_id=office.id, due_on=build.DUE, actor=build.MINUTES,
                            now=NOW)  # fmt: skip
    seen = preview(session, meeting.id, now=NOW)
    assert [one.id for one in seen.incomplete] == [bare.id, half.id]
    no = refused(close, session, meeting.id, now=NOW, **WHO)
    assert (no.code, no.facts["count"]) == ("turns.incomplete", 2)
    assert [(one["number"], one["missing"]) for one in no.facts["items"]] == [
        (1, ("owner", "due", "criterion")), (2, ("criterion",))
    ]  # fmt: skip
    assert closings(session) == 0
    assert session.get_one(Convening, meeting.id).state == "in_progress"
    assert session.scalars(sa.select(Message).where(Message.kind == "closing_digest")).all() == []


def test_closing_freezes_everything_once_and_tells_each_office_once(session: Session) -> None:
    cohort = build.a_cohort(session)
    directory.a_holder(session, build.SIAK, "sekda")
    directory.a_holder(session, build.DUMAI, "sekda")
    kept = {s: build.an_item(session, cohort, status=s) for s in
            ("open", "in_progress", "blocked", "claimed", "verified", "dropped")}  # fmt: skip
    meeting = build.a_running(session, cohort)
    before = preview(session, meeting.id, now=NOW + HOUR)
    closing = close(session, meeting.id, now=NOW + HOUR, **WHO)
    assert session.get_one(Convening, meeting.id).state == "closed"
    data = json.loads(closing.data)
    assert (data["number"], data["revision"], data["held"]) == (1, 1, True)
    assert [one["status"] for one in data["items"]] == list(kept)
    assert [one["carried"] for one in data["items"]] == [1, 1, 1, 1, 0, 0]
    assert data["items"][0]["office"] == "Sekretaris Daerah Kabupaten Siak"
    assert [one["region_code"] for one in data["members"]] == [build.SIAK, build.DUMAI]
    assert data["rates"]["due"] == 0, "nothing is due before January"
    rows = session.scalars(sa.select(ClosingItem.unresolved).order_by(ClosingItem.carried)).all()
    assert sorted(rows) == [False, False, True, True, True, True]
    told = session.scalars(sa.select(Message).where(Message.kind == "closing_digest")).all()
    assert len(told) == before.digests == 2, "Siak's owner, and Dumai's Sekda who owes nothing"
    assert {m.subject_id for m in told} == {closing.id}
    twice = close(session, meeting.id, now=NOW + 2 * HOUR, **WHO)
    assert (twice.id, closings(session)) == (closing.id, 1)
    again = session.scalars(sa.select(Message).where(Message.kind == "closing_digest")).all()
    assert len(again) == 2
    names = session.scalars(sa.select(ChronicleEntry.event)).all()
    assert names.count("turns.closing_written") == 1


def test_the_hash_of_a_closing_stands_in_the_signed_log(session: Session) -> None:
    cohort = build.a_cohort(session)
    closing = close(session, build.a_running(session, cohort).id, now=NOW + HOUR, **WHO)
    leaf = session.get_one(LogLeaf, closing.leaf_id)
    assert json.loads(leaf.data)["event"]["sha256"] == closing.sha256
    assert log.number(session) == 1
    assert past.check_chain(session, cohort.id).holds


def test_anybody_can_follow_the_chain_with_nothing_but_sha_256(session: Session) -> None:
    cohort = build.a_cohort(session)
    before = ""
    for number in range(3):
        meeting = build.a_running(session, cohort, days=9 * number)
        closing = close(session, meeting.id, now=NOW + (9 * number + 1) * DAY, **WHO)
        assert closing.previous == before
        assert closing.sha256 == hashlib.sha256(before.encode() + closing.data).hexdigest()
        before = closing.sha256


def test_an_earlier_convening_in_progress_is_closed_first(session: Session) -> None:
    cohort = build.a_cohort(session)
    first, second = (build.a_running(session, cohort, days=n) for n in (0, 9))
    no = refused(close, session, second.id, now=NOW + 9 * DAY, **WHO)
    assert (no.code, no.facts["number"]) == ("turns.earlier_in_progress", 1)
    close(session, first.id, now=NOW + 9 * DAY, **WHO)
    assert close(session, second.id, now=NOW + 9 * DAY, **WHO).place == 2


def test_a_planned_convening_is_not_closed(session: Session) -> None:
    meeting = build.a_planned(session, build.a_cohort(session))
    assert refused(close, session, meeting.id, now=NOW, **WHO).code == "convenings.not_in_progress"


def test_unsent_scans_are_asked_about(session: Session) -> None:
    cohort = build.a_cohort(session)
    meeting = build.a_running(session, cohort)
    session.add(Station(id="STATION000000001", name="Meja 4", gate="Barat", enrol_until=NOW,
                        unsent=3, created_at=NOW, created_by="x"))  # fmt: skip
    session.flush()
    session.add(StationConvening(station_id="STATION000000001", convening_id=meeting.id))
    session.flush()
    no = refused(close, session, meeting.id, now=NOW, **WHO)
    assert (no.code, no.facts["count"]) == ("turns.unsent_scans", 3)
    assert close(session, meeting.id, despite_unsent=True, now=NOW, **WHO).revision == 1


def test_the_count_grows_by_held_convenings_only(session: Session) -> None:
    cohort = build.a_cohort(session)
    item = build.an_item(session, cohort)
    counts = []
    for number, held in enumerate((True, False, True)):
        meeting = build.a_running(session, cohort, days=9 * number)
        closing = close(session, meeting.id, held=held, now=NOW + (9 * number + 1) * DAY, **WHO)
        counts.append(json.loads(closing.data)["items"][0]["carried"])
    cancel(session, build.a_planned(session, cohort, days=40).id, reason="x",
           now=NOW + 30 * DAY, **WHO)  # fmt: skip
    assert counts == [1, 1, 2]
    assert record.carried(session, cohort.id) == {item.id: 2}


def test_opened_again_a_closing_keeps_its_bytes_and_the_next_revision_counts(
    session: Session,
) -> None:
    cohort = build.a_cohort(session)
    item = build.an_item(session, cohort)
    meeting = build.a_running(session, cohort)
    first = close(session, meeting.id, now=NOW + HOUR, **WHO)
    kept = (first.data, first.sha256)
    assert refused(reopen, session, meeting.id, reason=" ", now=NOW, **WHO).code == (
        "turns.reason_missing"
    )
    reopen(session, meeting.id, reason="Salah catat.", now=NOW + 2 * HOUR, **WHO)
    assert session.get_one(Convening, meeting.id).state == "in_progress"
    assert record.carried(session, cohort.id) == {}, "a convening that is open has not ended"
    moves.claim(session, item.id, proofs=[build.SCAN], now=NOW + 2 * HOUR, **WHO)
    moves.verify(session, item.id, actor=build.MENTOR, now=NOW + 2 * HOUR)
    second = close(session, meeting.id, now=NOW + 3 * HOUR, **WHO)
    assert (second.revision, second.previous) == (2, first.sha256)
    assert record.carried(session, cohort.id) == {}, "revision 2 supersedes the count"
    session.expire_all()
    assert (first.data, first.sha256) == kept
    assert past.closing_report(session, meeting.id, 1).items[0]["status"] == "open"
    assert past.closing_report(session, meeting.id).items[0]["status"] == "verified"
    assert [bool(end) for _, end in past.revisions(session, meeting.id)] == [True, False]
    told = session.scalars(sa.select(Message.subject_id).where(Message.kind == "closing_digest"))
    assert first.id in set(told)


def test_it_is_not_opened_again_once_a_later_one_has_begun(session: Session) -> None:
    cohort = build.a_cohort(session)
    first = build.a_running(session, cohort)
    assert refused(reopen, session, first.id, reason="x", now=NOW, **WHO).code == (
        "convenings.not_closed"
    )
    close(session, first.id, now=NOW, **WHO)
    build.a_running(session, cohort, days=9)
    no = refused(reopen, session, first.id, reason="x", now=NOW + 9 * DAY, **WHO)
    assert (no.code, no.facts["number"]) == ("convenings.later_begun", 2)


def test_what_is_written_after_a_closing_is_recorded_after_it(session: Session) -> None:
    cohort = build.a_cohort(session)
    item = build.an_item(session, cohort)
    closing = close(session, build.a_running(session, cohort).id, now=NOW + HOUR, **WHO)
    moves.start(session, item.id, now=NOW, **WHO)  # a clock that is an hour behind
    replayed = past.replay(session, cohort.id, closing.as_of)
    assert replayed.items == past.read(closing).items


def test_a_bent_closing_is_found_and_named(session: Session) -> None:
    cohort = build.a_cohort(session)
    for number in range(3):
        meeting = build.a_running(session, cohort, days=9 * number)
        close(session, meeting.id, now=NOW + (9 * number + 1) * DAY, **WHO)
    assert past.check_chain(session, cohort.id).closings == 3
    chain = record.closings(session, cohort.id)
    with session.no_autoflush:
        good = chain[1].data
        chain[1].data = good.replace(b'"held":true', b'"held":false')
        assert past.check_chain(session, cohort.id).broken_at == 2
        chain[1].data = good
        chain[2].previous = chain[0].sha256
        assert past.check_chain(session, cohort.id).broken_at == 3
        session.expire_all()


def test_the_database_refuses_to_change_a_closing(session: Session) -> None:
    cohort = build.a_cohort(session)
    meeting = build.a_running(session, cohort)
    build.an_item(session, cohort)
    close(session, meeting.id, now=NOW + HOUR, **WHO)
    reopen(session, meeting.id, reason="Salah catat.", now=NOW + 2 * HOUR, **WHO)
    for table in (Closing, ClosingItem, Reopening):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(sa.delete(table))
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.update(Closing).values(held=False))


def test_the_balance_of_a_closing_adds_up(session: Session) -> None:
    cohort = build.a_cohort(session)
    for status in ("open", "open", "claimed", "verified"):
        build.an_item(session, cohort, status=status)
    close(session, build.a_running(session, cohort).id, now=NOW + HOUR, **WHO)
    meeting = build.a_running(session, cohort, days=9)
    first, second, claimed, verified = record_ids(session, cohort.id)
    at = NOW + 9 * DAY
    moves.verify(session, claimed, actor=build.MENTOR, now=at)
    moves.move(session, verified, "in_progress", note="Bukti keliru.", now=at, **WHO)
    drop(session, second, "not_feasible", now=at, **WHO)
    build.an_item(session, cohort, convening=meeting, now=at)
    seen = preview(session, meeting.id, now=at).balance
    assert (seen.brought, seen.new, seen.returned) == (3, {"meeting": 1}, 1)
    assert (seen.verified, seen.dropped, seen.carried) == (1, {"not_feasible": 1}, 3)
    assert seen.brought + seen.entered - seen.left == seen.carried
    assert first in record.carried(session, cohort.id)
    assert seen.previous is not None
    assert seen.previous.number == 1


def record_ids(session: Session, cohort_id: str) -> list[str]:
    return [one.id for one in items_at(session, cohort_id)]
