"""Raising, completing, dropping, extending, splitting and merging items."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from cohorts.actions import dates, drops, items, moves, splits
from cohorts.actions.owner_links import open_owner_link, owner_link, revoke_owner_link
from cohorts.actions.standing import item, items_at, overdue
from cohorts.actions.tables import Item, ItemEvent
from cohorts.ground.access import Actor, Held
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal
from tests.build import actions as build
from tests.build import directory

NOW, DAY, DUE = build.NOW, build.DAY, build.DUE


def refused(rule: object, *args: object, **more: object) -> str:
    with pytest.raises(Refusal) as info:
        rule(*args, **more)  # type: ignore[operator]
    return info.value.code


def test_items_are_numbered_in_their_cohort_and_keep_who_raised_them_where(
    session: Session,
) -> None:
    cohort, other = build.a_cohort(session), build.a_cohort(session, build.SUMEDANG)
    meeting = build.a_running(session, cohort)
    first = build.an_item(session, cohort, convening=meeting)
    second = build.an_item(session, cohort)
    office = directory.an_office(session, build.SUMEDANG, "sekda")
    elsewhere = build.an_item(session, other, office)
    assert (first.label, second.label, elsewhere.label) == ("TL-001", "TL-002", "TL-001")
    assert (first.convening_id, second.convening_id) == (meeting.id, None)
    assert first.region_code == build.SIAK


def test_in_a_running_convening_the_rest_may_follow_between_meetings_it_may_not(
    session: Session,
) -> None:
    cohort = build.a_cohort(session)
    planned = build.a_planned(session, cohort)
    raise_item = items.raise_item
    common = {"title": "Jadwal", "actor": build.MINUTES, "now": NOW}
    assert refused(raise_item, session, cohort.id, **common) == "actions.incomplete"
    assert refused(raise_item, session, cohort.id, convening_id=planned.id, **common) == (
        "actions.not_running"
    )
    meeting = build.a_running(session, build.a_cohort(session), days=1)
    raised = raise_item(session, meeting.cohort_id, convening_id=meeting.id, **common)
    assert raised.missing == ("owner", "due", "criterion")
    assert refused(raise_item, session, cohort.id, convening_id=meeting.id, **common) == (
        "ground.not_found"
    )


def test_an_item_belongs_to_a_member_or_to_nobody_s_region(session: Session) -> None:
    cohort = build.a_cohort(session)
    office = directory.an_office(session, build.SUMEDANG, "sekda")
    common = {"title": "x", "criterion": "y", "actor": build.ORGANISER, "now": NOW}
    code = refused(items.raise_item, session, cohort.id, office_id=office.id, due_on=DUE, **common)
    assert code == "actions.not_member"
    office = directory.an_office(session, build.SIAK, "sekda")
    yesterday = (NOW - DAY).date()
    code = refused(items.raise_item, session, cohort.id, office_id=office.id, due_on=yesterday,
                   **common)  # fmt: skip
    assert code == "actions.due_past"


def test_texts_have_bounds_and_raising_needs_a_right(session: Session) -> None:
    cohort = build.a_cohort(session)
    office = directory.an_office(session, build.SIAK, "sekda")
    common = {"office_id": office.id, "due_on": DUE, "now": NOW}
    raise_item = items.raise_item
    code = refused(raise_item, session, cohort.id, title="x" * 301, criterion="y",
                   actor=build.ORGANISER, **common)  # fmt: skip
    assert code == "ground.too_long"
    code = refused(raise_item, session, cohort.id, title=" ", criterion="y",
                   actor=build.ORGANISER, **common)  # fmt: skip
    assert code == "ground.needed"
    for actor in (build.AUDITOR, build.MENTOR, Actor("user", "x", held=(
        Held("organizer", "cohort", "OTHERCOHORT00001"),))):  # fmt: skip
        code = refused(raise_item, session, cohort.id, title="x", criterion="y", actor=actor,
                       **common)  # fmt: skip
        assert code == "ground.not_allowed"


def test_the_first_due_date_is_the_original_one_for_ever(session: Session) -> None:
    cohort = build.a_cohort(session)
    meeting = build.a_running(session, cohort)
    office = directory.an_office(session, build.SIAK, "sekda")
    raised = items.raise_item(session, cohort.id, title="Jadwal", convening_id=meeting.id,
                              actor=build.MINUTES, now=NOW)  # fmt: skip
    done = items.complete(session, raised.id, version=raised.version, office_id=office.id,
                          due_on=DUE, criterion="Jadwal disepakati.", actor=build.MINUTES,
                          now=NOW)  # fmt: skip
    assert (done.missing, done.original_due, done.region_code) == ((), DUE, build.SIAK)
    code = refused(items.complete, session, done.id, version=None, due_on=DUE + 9 * DAY,
                   actor=build.ORGANISER, now=NOW)  # fmt: skip
    assert code == "actions.due_set"
    later = dates.grant_due(session, done.id, DUE + 9 * DAY, reason="Anggaran bergeser.",
                            actor=build.ORGANISER, now=NOW)  # fmt: skip
    assert (later.original_due, later.due_on) == (DUE, DUE + 9 * DAY)
    assert dates.extensions(session, cohort.id) == {done.id: 1}
    code = refused(dates.grant_due, session, done.id, DUE, reason="x", actor=build.ORGANISER,
                   now=NOW)  # fmt: skip
    assert code == "actions.due_not_later"
    code = refused(dates.grant_due, session, done.id, DUE + 99 * DAY, reason=" ",
                   actor=build.ORGANISER, now=NOW)  # fmt: skip
    assert code == "actions.note_missing"


def test_an_owner_changes_only_within_its_region_and_only_by_an_organiser(
    session: Session,
) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort)
    there = directory.an_office(session, build.DUMAI, "sekda")
    here = directory.an_office(session, build.SIAK, "kadiskominfo")
    complete = items.complete
    code = refused(complete, session, found.id, version=None, office_id=there.id,
                   actor=build.ORGANISER, now=NOW)  # fmt: skip
    assert code == "actions.owner_elsewhere"
    code = refused(complete, session, found.id, version=None, office_id=here.id,
                   actor=build.MINUTES, now=NOW)  # fmt: skip
    assert code == "ground.not_allowed"
    moved = complete(session, found.id, version=1, office_id=here.id, actor=build.ORGANISER,
                     now=NOW)  # fmt: skip
    assert moved.owner_office_id == here.id
    code = refused(complete, session, found.id, version=1, title="Lain", actor=build.ORGANISER,
                   now=NOW)  # fmt: skip
    assert code == "ground.stale"


def test_a_claim_waits_for_its_verdict_before_anything_else(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort, status="claimed")
    other = build.an_item(session, cohort)
    who = {"actor": build.ORGANISER, "now": NOW}
    assert refused(drops.drop, session, found.id, "not_feasible", **who) == "actions.claimed"
    assert refused(splits.split, session, found.id, [], **who) == "actions.claimed"
    assert refused(splits.merge, session, [other.id, found.id], title="x", criterion="y",
                   **who) == "actions.claimed"  # fmt: skip
    assert refused(dates.grant_due, session, found.id, DUE + DAY, reason="x", **who) == (
        "actions.claimed"
    )
    assert refused(items.complete, session, found.id, version=None, criterion="mudah", **who) == (
        "actions.claimed"
    )


def test_a_drop_has_a_reason_from_the_list(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort)
    who = {"actor": build.ORGANISER, "now": NOW}
    for reason in ("split", "merged", "because", ""):
        assert refused(drops.drop, session, found.id, reason, **who) == "actions.drop_reason"
    assert refused(drops.drop, session, found.id, "left_cohort", **who) == "actions.still_member"
    gone = drops.drop(session, found.id, "regulation_changed", note="Perpres baru.", **who)
    assert (gone.status, gone.drop_reason, gone.unresolved) == (
        "dropped", "regulation_changed", False
    )  # fmt: skip
    back = drops.restore(session, found.id, to="open", **who)
    assert (back.status, back.drop_reason) == ("open", None)


def test_a_duplicate_names_a_live_item_of_the_region_that_was_not_due_later(
    session: Session,
) -> None:
    cohort, next_cohort = build.a_cohort(session), build.a_cohort(session)
    found = build.an_item(session, cohort)
    who = {"actor": build.ORGANISER, "now": NOW}
    foreign = build.an_item(session, cohort, directory.an_office(session, build.DUMAI, "sekda"))
    dead = build.an_item(session, cohort, status="dropped")
    later = build.an_item(session, cohort, due_on=DUE + DAY)
    over_there = build.an_item(session, next_cohort)
    for answer, code in (
        (None, "actions.answer_missing"),
        (found.id, "actions.answer_missing"),
        ("NOSUCHITEM000000", "actions.answer_missing"),
        (dead.id, "actions.answer_missing"),
        (foreign.id, "actions.answer_elsewhere"),
        (over_there.id, "actions.answer_elsewhere"),
        (later.id, "actions.answer_due_later"),
    ):
        got = refused(drops.drop, session, found.id, "duplicate", answered_by_id=answer, **who)
        assert got == code, answer
    twin = build.an_item(session, cohort)
    gone = drops.drop(session, found.id, "duplicate", answered_by_id=twin.id, **who)
    assert gone.answered_by_id == twin.id
    moved = drops.drop(session, twin.id, "transferred", answered_by_id=over_there.id, **who)
    assert moved.answered_by_id == over_there.id
    assert refused(drops.restore, session, twin.id, to="open", **who) == "actions.replaced"


def test_parts_keep_the_age_of_the_whole_and_how_far_it_was(session: Session) -> None:
    cohort = build.a_cohort(session)
    whole = build.an_item(session, cohort, status="blocked")
    other = directory.an_office(session, build.SIAK, "kadiskominfo")
    parts = splits.split(
        session, whole.id,
        [splits.Part("SK"), splits.Part("Anggota", "Daftar", other.id)],
        version=whole.version, actor=build.ORGANISER, now=NOW + 3 * DAY,
    )  # fmt: skip
    assert [one.status for one in parts] == ["blocked", "blocked"]
    for part in parts:
        assert (part.first_raised, part.original_due, part.due_on) == (
            whole.first_raised, whole.original_due, whole.due_on
        )  # fmt: skip
        assert part.blocked_by == "BPKAD"
    assert parts[1].owner_office_id == other.id
    assert item(session, whole.id).drop_reason == "split"
    who = {"actor": build.ORGANISER, "now": NOW}
    assert refused(drops.restore, session, whole.id, to="open", **who) == "actions.replaced"
    one = splits.Part("a")
    fresh = build.an_item(session, cohort)
    assert refused(splits.split, session, fresh.id, [one], **who) == "actions.split_parts"
    assert refused(splits.split, session, fresh.id, [one] * 11, **who) == "actions.split_parts"
    there = directory.an_office(session, build.DUMAI, "sekda")
    assert refused(splits.split, session, fresh.id, [one, splits.Part("b", "", there.id)],
                   **who) == "actions.owner_elsewhere"  # fmt: skip


def test_a_merge_keeps_the_oldest_age_and_the_least_progress(session: Session) -> None:
    cohort = build.a_cohort(session)
    old = build.an_item(session, cohort, status="in_progress", due_on=DUE, now=NOW)
    new = build.an_item(session, cohort, due_on=DUE + 30 * DAY, now=NOW + DAY)
    who = {"actor": build.ORGANISER, "now": NOW + 2 * DAY}
    one = splits.merge(session, [new.id, old.id], title="Satu", criterion="Bukti", **who)
    assert (one.first_raised, one.original_due, one.due_on, one.status) == (
        old.first_raised, DUE, DUE, "open"
    )  # fmt: skip
    assert {item(session, each).drop_reason for each in (old.id, new.id)} == {"merged"}
    other = build.an_item(session, cohort, directory.an_office(session, build.SIAK, "kabid"))
    assert refused(splits.merge, session, [one.id, other.id], title="x", criterion="y",
                   **who) == "actions.merge_owners"  # fmt: skip
    assert refused(splits.merge, session, [one.id, one.id], title="x", criterion="y",
                   **who) == "actions.merge_parts"  # fmt: skip


def test_an_owner_asks_and_the_organiser_answers(session: Session) -> None:
    cohort = build.a_cohort(session)
    office = directory.an_office(session, build.SIAK, "sekda")
    owner = build.an_owner(session, cohort, office)
    found = build.an_item(session, cohort)
    want = {"reason": "APBD perubahan.", "now": NOW}
    until = DUE + 20 * DAY
    assert refused(dates.ask, session, found.id, "extension", until_on=until,
                   actor=build.ORGANISER, **want) == "ground.not_allowed"  # fmt: skip
    assert refused(dates.ask, session, found.id, "extension", until_on=DUE, actor=owner,
                   **want) == "actions.due_not_later"  # fmt: skip
    asked = dates.ask(session, found.id, "extension", until_on=until, actor=owner, **want)
    assert item(session, found.id).due_on == DUE, "nothing changes until it is answered"
    assert refused(dates.ask, session, found.id, "extension", until_on=until, actor=owner,
                   **want) == "actions.ask_open"  # fmt: skip
    reply = {"reason": "Disetujui.", "actor": build.ORGANISER, "now": NOW}
    dates.answer(session, asked.id, granted=True, **reply)
    assert item(session, found.id).due_on == until
    assert refused(dates.answer, session, asked.id, granted=False, **reply) == (
        "actions.ask_answered"
    )
    other = dates.ask(session, found.id, "drop", actor=owner, **want)
    dates.answer(session, other.id, granted=True, drop_reason="not_feasible", **reply)
    assert item(session, found.id).drop_reason == "not_feasible"
    assert dates.open_asks(session, [found.id]) == []


def test_overdue_is_judged_by_the_region_s_own_clock(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort)
    end_in_bali = dt.datetime(2023, 1, 20, 16, 0, tzinfo=dt.UTC)  # midnight in WITA
    assert overdue(found, end_in_bali, "Asia/Makassar")
    assert not overdue(found, end_in_bali, "Asia/Jakarta")
    claimed = build.an_item(session, cohort, status="claimed")
    assert not overdue(claimed, end_in_bali + 9 * DAY, "Asia/Makassar")


def test_any_moment_of_the_past_is_the_last_event_recorded_by_then(session: Session) -> None:
    cohort = build.a_cohort(session)
    office = directory.an_office(session, build.SIAK, "sekda")
    owner = build.an_owner(session, cohort, office)
    found = build.an_item(session, cohort)
    moves.start(session, found.id, actor=owner, now=NOW + DAY)
    moves.claim(session, found.id, proofs=[build.SCAN], actor=owner, now=NOW + 2 * DAY)
    later = [NOW - DAY, NOW, NOW + DAY, NOW + 2 * DAY]
    stood = [[one.status for one in items_at(session, cohort.id, at)] for at in later]
    assert stood == [[], ["open"], ["in_progress"], ["claimed"]]


def test_the_owner_s_link_is_derived_revocable_and_one_answer_when_wrong(session: Session) -> None:
    cohort = build.a_cohort(session)
    office = directory.an_office(session, build.SIAK, "sekda")
    row = owner_link(session, cohort.id, office.id, NOW)
    assert owner_link(session, cohort.id, office.id, NOW).id == row.id
    link = Link(row.id, row.generation)
    owner = open_owner_link(session, link)
    assert (owner.office.id, owner.region_code) == (office.id, build.SIAK)
    revoke_owner_link(session, cohort.id, office.id, actor=build.ORGANISER, now=NOW)
    for wrong in (link, None, Link("NOSUCHLINK000000", 1)):
        assert refused(open_owner_link, session, wrong) == "ground.link_invalid"


def test_the_database_itself_refuses_a_changed_event_and_a_second_writer(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort)
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.update(ItemEvent).values(state="done", verified=True))
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.delete(ItemEvent))
    event = session.get_one(ItemEvent, found.event_id)
    copy = {c.key: getattr(event, c.key) for c in sa.inspect(ItemEvent).columns}
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.insert(ItemEvent).values(copy | {"id": "OTHEREVENT000000"}))
    wrong = {"id": "OTHEREVENT000001", "seq": 2, "state": "open", "verified": True}
    with pytest.raises(DatabaseError), session.begin_nested():
        session.execute(sa.insert(ItemEvent).values(copy | wrong))
    assert session.scalar(sa.select(sa.func.count()).select_from(Item)) == 1
