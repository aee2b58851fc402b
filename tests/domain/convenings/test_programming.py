"""A programme is changed part by part, by several people, and keeps its sense."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import _turning, programming, sessions
from cohorts.convenings.session_tables import SessionMaterial, SessionSpeaker
from cohorts.convenings.sessions import Line
from cohorts.convenings.tables import Convening
from cohorts.ground.access import COMMAND
from cohorts.ground.files import Kept
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import HOUR, NOW, ORGANISER, SIAK, START

HALF = dt.timedelta(minutes=30)


def a_programme(session: Session) -> tuple[Convening, dict[str, str]]:
    """A 09.00-09.30, a break, B 10.00-11.00, C 11.00-12.00, and D on the next day."""
    made = build.a_draft(session, build.a_cohort(session), ends_at=START + 31 * HOUR,
                         door_closes_at=START + 31 * HOUR)  # fmt: skip
    lines = [
        Line(START, 30, "A", speaker="Menteri"),
        Line(START + HOUR, 60, "B"),
        Line(START + 2 * HOUR, 60, "C"),
        Line(START + 24 * HOUR, 60, "D"),
    ]
    sessions.set_programme(session, made.id, lines, 1, ORGANISER, NOW)
    return made, {e.title_id: e.id for e in sessions.programme(session, made.id)}


def hours(session: Session, made: Convening) -> list[tuple[str, float, int]]:
    """Title, hours after the beginning, minutes; in the order that is read."""
    found = sessions.programme(session, made.id)
    assert [e.position for e in found] == list(range(1, len(found) + 1))
    assert [e.starts_at for e in found] == sorted(e.starts_at for e in found)
    return [(e.title_id, (e.starts_at - START) / HOUR, e.minutes) for e in found]


def version(session: Session, made: Convening) -> int:
    return sessions.state(session, made.id)[0]


def test_two_exchange_places_and_begin_and_end_together_as_before(session: Session) -> None:
    made, ids = a_programme(session)
    before = hours(session, made)
    programming.move(session, ids["A"], 1, version(session, made), ORGANISER, NOW)
    assert hours(session, made)[:3] == [("B", 0, 60), ("A", 1.5, 30), ("C", 2, 60)]
    programming.move(session, ids["A"], -1, version(session, made), ORGANISER, NOW)
    assert hours(session, made) == before
    for title, step in (("A", -1), ("C", 1), ("D", -1), ("D", 1)):
        with pytest.raises(Refusal) as edge:
            programming.move(session, ids[title], step, version(session, made), ORGANISER, NOW)
        assert edge.value.code == "convenings.programme_edge"
    # Beginning at once, they exchange their places alone; overlapping, their hours.
    at = START + 2 * HOUR
    side = programming.add(session, made.id, Line(at, 20, "E", kind="parallel"),
                           version(session, made), ORGANISER, NOW)  # fmt: skip
    programming.move(session, side.id, -1, version(session, made), ORGANISER, NOW)
    assert hours(session, made)[2:4] == [("E", 2, 20), ("C", 2, 60)]


def test_what_follows_moves_along_only_on_request_and_only_on_its_day(session: Session) -> None:
    made, ids = a_programme(session)
    longer = Line(START, 90, "A")
    programming.change(session, ids["A"], longer, version(session, made), ORGANISER, NOW)
    assert hours(session, made)[1:] == [("B", 1, 60), ("C", 2, 60), ("D", 24, 60)]
    shorter = Line(START, 30, "A")
    programming.change(session, ids["A"], shorter, version(session, made), ORGANISER, NOW)
    programming.change(
        session, ids["A"], Line(START + HALF, 60, "A"), version(session, made), ORGANISER, NOW,
        shift=True)  # fmt: skip
    assert hours(session, made) == [("A", 0.5, 60), ("B", 2, 60), ("C", 3, 60), ("D", 24, 60)]
    programming.remove(session, ids["B"], version(session, made), ORGANISER, NOW, shift=True)
    assert hours(session, made) == [("A", 0.5, 60), ("C", 2, 60), ("D", 24, 60)]
    programming.add(
        session, made.id, Line(START + HALF, 15, "N"), version(session, made), ORGANISER, NOW,
        shift=True)  # fmt: skip
    assert hours(session, made) == [
        ("N", 0.5, 15), ("A", 0.75, 60), ("C", 2.25, 60), ("D", 24, 60),
    ]  # fmt: skip


def test_whoever_comes_second_is_told_and_a_closed_one_keeps_its_sessions(
    session: Session,
) -> None:
    made, ids = a_programme(session)
    seen = version(session, made)
    other = made.version
    programming.move(session, ids["A"], 1, seen, ORGANISER, NOW)
    assert made.version == other, "the convening's own editor is not in the way"
    line = Line(START, 30, "X")
    kept = Kept("a" * 64, 9, "application/pdf")
    speaker = session.scalars(sa.select(SessionSpeaker.id)).one()

    def acts(at: int) -> list[Callable[[], object]]:
        return [
            lambda: programming.move(session, ids["B"], 1, at, ORGANISER, NOW),
            lambda: programming.add(session, made.id, line, at, ORGANISER, NOW),
            lambda: programming.change(session, ids["B"], line, at, ORGANISER, NOW),
            lambda: programming.add_speaker(
                session, ids["B"], "speaker", at, ORGANISER, NOW, name="Siti"),
            lambda: programming.remove_speaker(session, speaker, at, ORGANISER, NOW),
            lambda: programming.remove(session, ids["B"], at, ORGANISER, NOW),
            lambda: programming.add_material(
                session, ids["C"], "Paparan", at, ORGANISER, NOW, kept=kept),
            lambda: programming.publish(session, made.id, True, at, ORGANISER, NOW),
        ]  # fmt: skip

    for act in acts(seen):
        with pytest.raises(Refusal) as stale:
            act()
        assert stale.value.code == "ground.stale"
    build.convening.announce(session, made.id, COMMAND, NOW)
    _turning.set_started(session, made, COMMAND, START)
    _turning.set_closed(session, made, COMMAND, START + HOUR)
    for act in acts(seen + 1)[:6]:
        with pytest.raises(Refusal) as closed:
            act()
        assert closed.value.code == "convenings.programme_closed"
    acts(seen + 1)[6]()
    acts(seen + 2)[7]()
    assert sessions.state(session, made.id) == (seen + 3, True)
    assert session.scalars(sa.select(Message)).all() == [], "nobody is asked again"
    with pytest.raises(Refusal) as stranger:
        programming.publish(session, made.id, True, seen + 3, build.DOOR, NOW)
    assert stranger.value.code == "ground.not_allowed"


def test_who_speaks_is_a_person_an_office_or_a_name_and_what_is_handed_out_a_file_or_an_address(
    session: Session,
) -> None:
    made, ids = a_programme(session)
    person = directory.a_person(session, "Siti Contoh", front_title="Dr.")
    office = directory.an_office(session, SIAK, "bupati")
    step = itertools.count(version(session, made))

    def speaks(role: str, **who: str) -> None:
        programming.add_speaker(session, ids["B"], role, next(step), ORGANISER, NOW, **who)

    def refused(act: Callable[[], object]) -> tuple[str, str | None]:
        with session.begin_nested(), pytest.raises(Refusal) as no:
            act()
        return no.value.code, no.value.field

    speaks("moderator", person_id=person.id)
    speaks("speaker", office_id=office.id)
    speaks("committee", name="  Budi   Contoh ")
    now = next(step)
    step = itertools.count(now)
    (entry,) = [e for e in sessions.programme(session, made.id) if e.title_id == "B"]
    assert [(s.role, s.name, s.name_en) for s in entry.speakers] == [
        ("moderator", "Dr. Siti Contoh", "Dr. Siti Contoh"),
        ("speaker", "Bupati Siak", "Regent of Siak"),
        ("committee", "Budi Contoh", "Budi Contoh"),
    ]
    for who, code in (
        ({"name": "budi contoh"}, ("convenings.speaker_twice", "name")),
        ({}, ("convenings.required", "name")),
        ({"name": "Siti", "office_id": office.id}, ("convenings.required", "name")),
        ({"office_id": "NOSUCH0000000000"}, ("ground.not_found", None)),
    ):
        step = itertools.count(now)
        assert refused(lambda who=who: speaks("speaker", **who)) == code  # type: ignore[misc]
    step = itertools.count(now)
    kept = Kept("b" * 64, 12, "application/pdf")

    def hands_out(title: str, **what: object) -> None:
        programming.add_material(session, ids["B"], title, now, ORGANISER, NOW, **what)  # type: ignore[arg-type]

    for title, what, code in (
        ("", {"kept": kept}, ("convenings.required", "title")),
        ("Paparan", {}, ("convenings.material_missing", "file")),
        ("Paparan", {"kept": kept, "url": "https://a.id"}, ("convenings.material_missing", "file")),
        ("Paparan", {"url": "http://contoh.go.id/a"}, ("convenings.material_address", "url")),
        ("Paparan", {"url": "javascript:alert(1)"}, ("convenings.material_address", "url")),
        ("Paparan", {"url": "https://"}, ("convenings.material_address", "url")),
    ):
        assert refused(lambda t=title, w=what: hands_out(t, **w)) == code  # type: ignore[misc]
    hands_out("Paparan", kept=kept)
    (entry,) = [e for e in sessions.programme(session, made.id) if e.title_id == "B"]
    (paper,) = entry.materials
    assert (paper.title, paper.sha256, paper.size) == ("Paparan", kept.sha256, 12)
    # With the session goes all of it; the file itself may be held elsewhere.
    programming.remove(session, ids["B"], now + 1, ORGANISER, NOW)
    assert session.scalars(sa.select(SessionMaterial)).all() == []
    left = session.scalars(sa.select(SessionSpeaker.session_id)).all()
    assert left == [ids["A"]]
