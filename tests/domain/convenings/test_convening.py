"""Planning, editing, announcing, and the order of the series."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import _turning, chain, convening, seats, sessions
from cohorts.convenings.convening import as_planned
from cohorts.ground.access import COMMAND
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build.convenings import HOUR, NOW, ORGANISER, PLAN, START


def test_three_convenings_are_numbered_in_the_order_they_are_planned(session: Session) -> None:
    cohort = build.a_cohort(session)
    made = [
        build.a_draft(session, cohort, days=days, timezone=zone)
        for days, zone in ((-20, "Asia/Jakarta"), (-14, "Asia/Jakarta"), (0, "Asia/Makassar"))
    ]
    assert [(c.number, c.timezone, c.state) for c in made] == [
        (1, "Asia/Jakarta", "draft"),
        (2, "Asia/Jakarta", "draft"),
        (3, "Asia/Makassar", "draft"),
    ]
    assert [c.id for c in convening.series(session, cohort.id)] == [c.id for c in made]


def test_a_number_is_given_once_in_a_cohort(session: Session) -> None:
    cohort = build.a_cohort(session)
    build.a_draft(session, cohort, number=2)
    with pytest.raises(Refusal) as refused:
        build.a_draft(session, cohort, number=2, days=3)
    assert refused.value.code == "convenings.number_taken"
    assert build.a_draft(session, cohort, days=4).number == 3


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"timezone": "Europe/Paris"}, "convenings.zone_unknown", "timezone"),
        ({"ends_at": START}, "convenings.ends_before_it_starts", "ends_at"),
        ({"door_closes_at": START}, "convenings.door_hours", "door_closes_at"),
        ({"reply_by": START + HOUR}, "convenings.reply_by_after_start", "reply_by"),
        ({"map_url": "javascript:alert(1)"}, "convenings.map_address", "map_url"),
        ({"contact_phone": "lewat Rina"}, "convenings.phone", "contact_phone"),
        ({"title_id": "  "}, "convenings.required", "title_id"),
        ({"venue": "x" * 201}, "ground.too_long", "venue"),
        ({"purpose_id": "x" * 4001}, "ground.too_long", "purpose_id"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(
    session: Session, changes: dict[str, object], code: str, field: str
) -> None:
    cohort = build.a_cohort(session)
    with pytest.raises(Refusal) as refused:
        convening.plan(
            session, cohort.id, dataclasses.replace(PLAN, **changes), COMMAND, NOW  # type: ignore[arg-type]
        )
    assert (refused.value.code, refused.value.field) == (code, field)


def test_only_an_organiser_plans(session: Session) -> None:
    cohort = build.a_cohort(session)
    with pytest.raises(Refusal) as refused:
        convening.plan(session, cohort.id, PLAN, build.DOOR, NOW)
    assert refused.value.code == "ground.not_allowed"


def test_the_second_of_two_editors_is_told_what_differs_and_changes_nothing(
    session: Session,
) -> None:
    made = build.a_draft(session, build.a_cohort(session))
    seen = made.version
    plan = as_planned(made)
    convening.edit(session, made.id, dataclasses.replace(plan, dress="Pakaian dinas"), seen,
                   ORGANISER, NOW)  # fmt: skip
    with pytest.raises(Refusal) as refused:
        convening.edit(session, made.id, dataclasses.replace(plan, host="Kemendagri"), seen,
                       ORGANISER, NOW)  # fmt: skip
    assert refused.value.code == "ground.stale"
    assert set(refused.value.facts["changed"]) == {"dress", "host"}
    assert (made.dress, made.host) == ("Pakaian dinas", "")


def test_the_same_edit_sent_twice_is_one(session: Session) -> None:
    made = build.a_draft(session, build.a_cohort(session))
    seen = made.version
    wanted = dataclasses.replace(as_planned(made), dress="Pakaian dinas")
    convening.edit(session, made.id, wanted, seen, ORGANISER, NOW)
    convening.edit(session, made.id, wanted, seen, ORGANISER, NOW)
    assert made.version == seen + 1


def test_a_new_time_is_a_new_schedule_and_asks_again_while_the_pass_stays(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    build.it_leaves(session, invited.invitation.id, NOW)
    reply = seats.attend(session, invited.seat_id, invited.guest, NOW + HOUR)
    assert invited.state(session, NOW + HOUR).state == "attending"
    later = dataclasses.replace(as_planned(invited.convening), starts_at=START + HOUR)
    convening.edit(
        session, invited.convening.id, later, invited.convening.version, ORGANISER, NOW + 2 * HOUR
    )
    assert (invited.convening.schedule, invited.convening.sequence) == (2, 1)
    state = invited.state(session, NOW + 2 * HOUR)
    assert (state.state, state.says, state.of_old_schedule) == ("unanswered", "attending", True)
    assert state.comes is not None
    assert state.comes.person.person_id == reply.person_id
    kept = convening.schedules(session, invited.convening.id)
    assert [kept[n].starts_at for n in (1, 2)] == [START, START + HOUR]
    assert build.mail(session, invited.invitation.id)[-1] == ("invitation_update", "ready")


def test_a_typo_asks_nobody_again(session: Session) -> None:
    invited = build.an_invited_head(session)
    before = build.mail(session, invited.invitation.id)
    changed = dataclasses.replace(as_planned(invited.convening), dress="Batik", address="Serangan")
    convening.edit(
        session, invited.convening.id, changed, invited.convening.version, ORGANISER, NOW
    )
    assert (invited.convening.schedule, invited.convening.sequence) == (1, 0)
    assert build.mail(session, invited.invitation.id) == before


def test_a_planned_convening_cannot_come_before_one_that_was_held(session: Session) -> None:
    cohort = build.a_cohort(session)
    first = build.a_convening(session, cohort, days=-14)
    second = build.a_draft(session, cohort)
    _turning.set_started(session, first, ORGANISER, first.starts_at)
    _turning.set_closed(session, first, ORGANISER, first.ends_at)
    earlier = dataclasses.replace(
        as_planned(second),
        starts_at=first.starts_at,
        reply_by=first.starts_at - HOUR,
        door_opens_at=first.starts_at - HOUR,
    )
    with pytest.raises(Refusal) as refused:
        convening.edit(session, second.id, earlier, second.version, ORGANISER, NOW)
    assert (refused.value.code, refused.value.facts["number"]) == ("convenings.before_held", 1)
    with pytest.raises(Refusal) as planned:
        build.a_draft(session, cohort, days=-20)
    assert planned.value.code == "convenings.before_held"
    assert second.starts_at == START


def test_a_later_one_cannot_start_before_an_earlier_planned_one(session: Session) -> None:
    cohort = build.a_cohort(session)
    first = build.a_draft(session, cohort, days=-14)
    second = build.a_convening(session, cohort)
    with pytest.raises(Refusal) as refused:
        _turning.set_started(session, second, ORGANISER, START)
    assert (refused.value.code, refused.value.facts["number"]) == ("convenings.earlier_planned", 1)
    _turning.set_cancelled(session, first, "Tempat tidak tersedia", ORGANISER, NOW)
    _turning.set_started(session, second, ORGANISER, START)
    assert second.state == "in_progress"


def test_a_draft_cannot_start_and_what_has_begun_keeps_its_time(session: Session) -> None:
    made = build.a_draft(session, build.a_cohort(session))
    with pytest.raises(Refusal) as refused:
        _turning.set_started(session, made, ORGANISER, START)
    assert refused.value.code == "convenings.not_announced"
    convening.announce(session, made.id, ORGANISER, NOW)
    _turning.set_started(session, made, ORGANISER, START)
    moved = dataclasses.replace(as_planned(made), venue="Hotel lain")
    with pytest.raises(Refusal) as late:
        convening.edit(session, made.id, moved, made.version, ORGANISER, START)
    assert (late.value.code, late.value.field) == ("convenings.already_started", "venue")
    opened = dataclasses.replace(as_planned(made), opening_actual="Menteri lain")
    convening.edit(session, made.id, opened, made.version, ORGANISER, START)
    assert made.opening_actual == "Menteri lain"


def test_reopening_ends_when_a_later_convening_has_begun(session: Session) -> None:
    cohort = build.a_cohort(session)
    first, second = (build.a_convening(session, cohort, days=days) for days in (-14, 0))
    _turning.set_started(session, first, ORGANISER, first.starts_at)
    _turning.set_closed(session, first, ORGANISER, first.ends_at)
    _turning.set_reopened(session, first, ORGANISER, first.ends_at + HOUR)
    assert first.state == "in_progress"
    _turning.set_closed(session, first, ORGANISER, first.ends_at + 2 * HOUR)
    _turning.set_started(session, second, ORGANISER, START)
    with pytest.raises(Refusal) as refused:
        _turning.set_reopened(session, first, ORGANISER, START + HOUR)
    assert (refused.value.code, refused.value.facts["number"]) == ("convenings.later_begun", 2)


def test_cancelling_needs_a_reason_and_only_a_planned_one_can_be_cancelled(
    session: Session,
) -> None:
    made = build.a_convening(session, build.a_cohort(session))
    with pytest.raises(Refusal) as refused:
        _turning.set_cancelled(session, made, "  ", ORGANISER, NOW)
    assert refused.value.code == "convenings.reason_missing"
    _turning.set_started(session, made, ORGANISER, START)
    with pytest.raises(Refusal) as begun:
        _turning.set_cancelled(session, made, "Banjir", ORGANISER, START)
    assert begun.value.code == "convenings.not_planned"


def test_announcing_twice_is_announcing_once(session: Session) -> None:
    made = build.a_draft(session, build.a_cohort(session))
    convening.announce(session, made.id, ORGANISER, NOW)
    version = made.version
    convening.announce(session, made.id, ORGANISER, NOW + HOUR)
    assert (made.announced_at, made.version) == (NOW, version)


def test_the_programme_is_written_as_a_whole_and_in_order(session: Session) -> None:
    made = build.a_draft(session, build.a_cohort(session))
    lines = [
        sessions.Line(START + 2 * HOUR, 30, "Penandatanganan"),
        sessions.Line(START, 15, "Pembukaan", speaker="Pembawa acara"),
    ]
    sessions.set_programme(session, made.id, lines, 1, ORGANISER, NOW)
    assert sessions.programme(session, made.id)[0].speaker == "Pembawa acara"
    assert [s.title_id for s in sessions.programme(session, made.id)] == [
        "Pembukaan",
        "Penandatanganan",
    ]
    with pytest.raises(Refusal) as refused:
        sessions.set_programme(session, made.id, lines, 1, ORGANISER, NOW)
    assert refused.value.code == "ground.stale"
    with pytest.raises(Refusal) as empty:
        sessions.set_programme(
            session, made.id, [sessions.Line(START, 0, "x")], 2, ORGANISER, NOW
        )
    assert empty.value.code == "convenings.sessions"


def test_the_chronicle_tells_what_happened_without_any_name(session: Session) -> None:
    invited = build.an_invited_head(session)
    seats.attend(session, invited.seat_id, invited.guest, NOW + HOUR)
    told = session.scalars(
        sa.select(ChronicleEntry)
        .where(ChronicleEntry.event.startswith("convenings."))
        .order_by(ChronicleEntry.id)
    ).all()
    assert [entry.event for entry in told] == [
        "convenings.planned",
        "convenings.announced",
        "convenings.offices_invited",
        "convenings.seat_answered",
        "convenings.pass_issued",
    ]
    assert "Contoh" not in str([entry.data for entry in told])
    assert told[3].actor_id == f"invitation:{invited.invitation.id}"


def test_the_past_is_replayed_from_the_rows_of_its_time(session: Session) -> None:
    invited = build.an_invited_head(session)
    seats.attend(session, invited.seat_id, invited.guest, NOW + HOUR)
    seats.decline(session, invited.seat_id, "ill", invited.guest, NOW + 3 * HOUR)
    said = [
        invited.state(session, NOW + dt.timedelta(hours=hours)).state for hours in (0, 1, 2, 3)
    ]
    assert said == ["unanswered", "attending", "attending", "declined"]
    assert chain.seats(session, at=NOW - HOUR, convening_id=invited.convening.id) == []
