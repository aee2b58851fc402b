"""The agenda is derived until a convening starts; templates raise an item per member, once."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from cohorts.actions import agenda, minute_notes, templates
from cohorts.actions.moves import claim, verify
from cohorts.convenings import convening as plans
from cohorts.ground.refusal import Refusal
from cohorts.turns.cancel import cancel
from cohorts.turns.join import join
from cohorts.turns.start import start
from tests.build import actions as build
from tests.build import convenings as build_convenings

NOW, DAY, DUE = build.NOW, build.DAY, build.DUE


def on(session: Session, convening_id: str) -> list[str]:
    return [line.item.id for line in agenda.agenda(session, convening_id)]


def test_what_is_unresolved_stands_on_the_next_planned_convening_at_once_and_once(
    session: Session,
) -> None:
    cohort = build.a_cohort(session)
    kept = {s: build.an_item(session, cohort, status=s).id for s in
            ("open", "in_progress", "blocked", "claimed", "verified", "dropped")}  # fmt: skip
    unresolved = {kept[s] for s in ("open", "in_progress", "blocked", "claimed")}
    assert {line.item.id for line in agenda.inbox(session, cohort.id)} == unresolved
    later = build.a_planned(session, cohort, days=20)
    assert set(on(session, later.id)) == unresolved
    assert agenda.inbox(session, cohort.id) == []
    sooner = build_convenings.a_draft(session, cohort, days=9)  # a draft is planned too
    assert (set(on(session, sooner.id)), on(session, later.id)) == (unresolved, [])
    cancel(session, sooner.id, reason="Ditiadakan.", actor=build.ORGANISER, now=NOW)
    assert (on(session, sooner.id), set(on(session, later.id))) == ([], unresolved)


def test_moving_a_convening_moves_the_agenda_with_it(session: Session) -> None:
    cohort = build.a_cohort(session)
    item = build.an_item(session, cohort)
    first, second = (build.a_planned(session, cohort, days=n) for n in (3, 6))
    assert on(session, first.id) == [item.id]
    days = dt.timedelta(days=9)
    wanted = plans.as_planned(first)
    changed = {name: getattr(wanted, name) + days for name in
               ("starts_at", "ends_at", "reply_by", "door_opens_at", "door_closes_at")}  # fmt: skip
    wanted = type(wanted)(**{**wanted.__dict__, **changed})
    plans.edit(session, first.id, wanted, first.version, build.ORGANISER, NOW)
    assert (on(session, first.id), on(session, second.id)) == ([], [item.id])


def test_start_freezes_the_agenda_and_what_follows_stands_beside_it(session: Session) -> None:
    cohort = build.a_cohort(session)
    old = build.an_item(session, cohort)
    meeting = build.a_running(session, cohort)
    new = build.an_item(session, cohort, convening=meeting, now=NOW + build.HOUR)
    claim(session, old.id, proofs=[build.SCAN], actor=build.ORGANISER, now=NOW)
    verify(session, old.id, actor=build.MENTOR, now=NOW)
    lines = agenda.agenda(session, meeting.id)
    assert [(line.item.id, line.new) for line in lines] == [(old.id, False), (new.id, True)]
    assert lines[0].item.status == "verified", "the line is frozen, the item lives on"
    again = start(session, meeting.id, actor=build.ORGANISER, now=NOW)
    assert again.id == meeting.id
    with pytest.raises(Refusal) as refused:
        agenda.annotate(session, meeting.id, old.id, position=1, actor=build.ORGANISER, now=NOW)
    assert refused.value.code == "actions.agenda_frozen"


def test_a_person_places_hides_and_annotates_a_line_and_nothing_is_lost_by_it(
    session: Session,
) -> None:
    cohort = build.a_cohort(session)
    first, second = build.an_item(session, cohort), build.an_item(session, cohort)
    meeting, later = (build.a_planned(session, cohort, days=n) for n in (1, 9))
    who = {"actor": build.ORGANISER, "now": NOW}
    agenda.annotate(session, meeting.id, second.id, position=1, note="Bahas dahulu.", **who)
    agenda.annotate(session, meeting.id, first.id, hidden=True, **who)
    lines = agenda.agenda(session, meeting.id)
    assert [(line.item.id, line.hidden) for line in lines] == [
        (second.id, False), (first.id, True)
    ]  # fmt: skip
    agenda.annotate(session, later.id, first.id, position=1, **who)
    assert on(session, later.id) == [first.id]
    assert set(on(session, meeting.id)) == {first.id, second.id}


def test_a_level_of_escalation_is_proposed_by_age_and_count(session: Session) -> None:
    cohort = build.a_cohort(session)
    found = build.an_item(session, cohort)
    level = agenda.proposed_level
    assert level(found, 0, DUE) == 0
    assert level(found, 0, DUE + 30 * DAY) == 1
    assert level(found, 2, DUE) == 1
    assert level(found, 2, DUE + 30 * DAY) == 2
    assert level(build.an_item(session, cohort, status="claimed"), 5, DUE + 90 * DAY) == 0


def test_one_template_raises_one_item_for_every_member_once(session: Session) -> None:
    cohort = build.a_cohort(session)
    made, raised = templates.make_template(
        session, cohort.id, title="SK tim", criterion="SK bernomor", role_key="kepala_daerah",
        due_on=DUE, lead_days=30, actor=build.ORGANISER, now=NOW,
    )  # fmt: skip
    assert {one.region_code for one in raised} == {build.SIAK, build.DUMAI}
    assert {one.original_due for one in raised} == {DUE}
    again = templates.apply_template(session, made.id, actor=build.ORGANISER, now=NOW)
    assert again == []
    for lead in (-1, 366):
        with pytest.raises(Refusal) as refused:
            templates.make_template(
                session, cohort.id, title="x", criterion="y", role_key="sekda", due_on=DUE,
                lead_days=lead, actor=build.ORGANISER, now=NOW,
            )  # fmt: skip
        assert refused.value.code == "actions.template_lead"


@pytest.mark.parametrize(("days", "expected"), [(5, DUE), (45, dt.date(2023, 2, 4))])
def test_a_late_joiner_gets_the_later_of_the_day_and_its_lead_time(
    session: Session, days: int, expected: dt.date
) -> None:
    cohort = build.a_cohort(session)
    templates.make_template(
        session, cohort.id, title="SK tim", criterion="SK bernomor", role_key="sekda",
        due_on=DUE, lead_days=30, actor=build.ORGANISER, now=NOW,
    )  # fmt: skip
    joined = (NOW + days * DAY).date()
    got = join(session, cohort.id, build.SUMEDANG, entry_path="later", joined_on=joined,
               actor=build.ORGANISER, now=NOW + days * DAY)  # fmt: skip
    assert [(one.original_due, one.due_on) for one in got.items] == [(expected, expected)]


def test_decisions_are_written_while_it_runs(session: Session) -> None:
    cohort = build.a_cohort(session)
    meeting = build.a_planned(session, cohort)
    write = minute_notes.write_note
    with pytest.raises(Refusal) as refused:
        write(session, meeting.id, "decision", "Setuju.", actor=build.MINUTES, now=NOW)
    assert refused.value.code == "actions.minutes_closed"
    start(session, meeting.id, actor=build.ORGANISER, now=NOW)
    write(session, meeting.id, "discussion", "Anggaran dibahas.", actor=build.MINUTES, now=NOW)
    write(session, meeting.id, "decision", "Setuju.", actor=build.MINUTES, now=NOW)
    notes = minute_notes.notes_of(session, meeting.id)
    assert [(note.kind, body.text) for note, body in notes] == [
        ("discussion", "Anggaran dibahas."), ("decision", "Setuju.")
    ]  # fmt: skip
