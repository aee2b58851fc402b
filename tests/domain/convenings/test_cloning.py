"""A convening after the pattern of another: the occasion comes along, the people do not."""

from __future__ import annotations

import dataclasses
import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import cloning, invitation, letter, own_texts, programming, sessions
from cohorts.convenings.cloning import Wanted
from cohorts.convenings.letter import Terms
from cohorts.convenings.seat_tables import GuestOffice, GuestRuleSeat
from cohorts.convenings.session_tables import SessionMaterial, SessionSpeaker
from cohorts.convenings.sessions import Line
from cohorts.convenings.tables import Convening, GuestRule, Invitation
from cohorts.ground.outbox import Message
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import HOUR, NOW, ORGANISER, SIAK, START

LATER = START + dt.timedelta(days=112, hours=1)  # 09.00 WIB is an hour after 09.00 WITA


def held(session: Session) -> Convening:
    """Bali with two sessions, all kinds of speakers, a material, guests, a letter, a text."""
    made = build.an_invited_head(session).convening
    session.add(GuestRuleSeat(convening_id=made.id, role_key="kepala_daerah", position=1,
                              kind="companion", number=2))  # fmt: skip
    session.add(GuestOffice(convening_id=made.id, office_id=directory.an_office(session, SIAK).id,
                            added_at=NOW))  # fmt: skip
    lines = [
        Line(START, 60, "Arahan", "Address", speaker="Tamu Luar"),
        Line(START + HOUR, 30, "Rehat", kind="break", room="Lobi"),
    ]
    sessions.set_programme(session, made.id, lines, 1, ORGANISER, NOW)
    first = sessions.programme(session, made.id)[0].id
    person = directory.a_person(session)
    office = directory.an_office(session, SIAK, "bupati")
    programming.add_speaker(
        session, first, "moderator", 2, ORGANISER, NOW, person_id=person.id)  # fmt: skip
    programming.add_speaker(session, first, "speaker", 3, ORGANISER, NOW, office_id=office.id)
    programming.add_material(
        session, first, "Bahan", 4, ORGANISER, NOW, url="https://contoh.go.id/a")  # fmt: skip
    terms = Terms(subject="Undangan {acara}", signer_office="Sekretaris Daerah",
                  signer_name="Siti Contoh", signer_nip="", copies="Arsip")  # fmt: skip
    letter.set_terms(session, made.id, terms, 0, ORGANISER, NOW)
    own_texts.set_texts(
        session, made.id, {("mail_ending", "id"): "Salam dari {penyelenggara}."},
        own_texts.mark(session, made.id), ORGANISER, NOW)  # fmt: skip
    return made


def test_the_occasion_comes_along_at_the_same_distances_and_nobody_s_name(
    session: Session,
) -> None:
    source = held(session)
    seen = cloning.what_is_copied(session, source.id)
    messages = session.scalar(sa.select(sa.func.count(Message.id)))
    wanted = Wanted(title_id="Berbagi hasil", starts_at=LATER, timezone="Asia/Jakarta",
                    venue="Gedung Negara")  # fmt: skip
    made = cloning.clone(session, source.id, wanted, ORGANISER, NOW)
    by = LATER - source.starts_at
    assert (made.state, made.number, made.cohort_id) == ("draft", 2, source.cohort_id)
    for name in ("starts_at", "ends_at", "reply_by", "door_opens_at", "door_closes_at"):
        assert getattr(made, name) - getattr(source, name) == by
    assert (made.policy, made.deputy_may_sign, made.dress) == (
        source.policy, source.deputy_may_sign, source.dress)  # fmt: skip
    assert {made.contact_name, made.contact_phone, made.letter_number, made.map_url} == {""}
    old, new = (sessions.programme(session, c.id) for c in (source, made))
    assert [(e.starts_at - by, e.minutes, e.title_id, e.title_en, e.kind, e.room) for e in new] == [
        (e.starts_at, e.minutes, e.title_id, e.title_en, e.kind, e.room) for e in old]  # fmt: skip
    assert [(s.role, s.name) for e in new for s in e.speakers] == [("speaker", "Bupati Siak")]
    assert [e.materials for e in new] == [(), ()]
    assert (seen.sessions, seen.offices_speaking, seen.names_left, seen.materials_left) == (
        2, 1, 2, 1)  # fmt: skip
    assert seen.rules == ("kepala_daerah",)
    rules = sa.select(GuestRule.role_key).where(GuestRule.convening_id == made.id)
    assert session.scalars(rules).all() == ["kepala_daerah"]
    seats = sa.select(GuestRuleSeat.number).where(GuestRuleSeat.convening_id == made.id)
    assert session.scalars(seats).all() == [2]
    singles = sa.select(GuestOffice.office_id).where(GuestOffice.convening_id == made.id)
    assert len(session.scalars(singles).all()) == seen.single_offices == 1
    terms = letter.terms(session, made.id)
    assert (terms.subject, terms.signer_office, terms.signer_name) == (
        "Undangan {acara}", "Sekretaris Daerah", "")  # fmt: skip
    texts = own_texts.texts(session, made.id)
    assert texts["mail_ending", "id"] == "Salam dari {penyelenggara}."
    mine = sa.select(Invitation).where(Invitation.convening_id == made.id)
    assert session.scalars(mine).all() == []
    assert session.scalar(sa.select(sa.func.count(Message.id))) == messages


def test_the_source_stays_as_it_was_and_an_empty_one_gives_an_empty_one(session: Session) -> None:
    source = held(session)
    before = [sessions.programme(session, source.id), dataclasses.asdict(
        letter.terms(session, source.id)), invitation.rules(session, source.id)]  # fmt: skip
    wanted = Wanted(title_id="A", starts_at=LATER, timezone="Asia/Makassar", venue=source.venue,
                    address=source.address)  # fmt: skip
    cloning.clone(session, source.id, wanted, ORGANISER, NOW)
    after = [sessions.programme(session, source.id), dataclasses.asdict(
        letter.terms(session, source.id)), invitation.rules(session, source.id)]  # fmt: skip
    assert before == after
    tables = (SessionSpeaker, SessionMaterial)
    counts = [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables]
    bare = build.a_draft(session, source.cohort, days=200)
    copy = cloning.clone(
        session, bare.id, dataclasses.replace(wanted, starts_at=LATER + 10000 * HOUR), ORGANISER,
        NOW)  # fmt: skip
    assert sessions.programme(session, copy.id) == []
    assert sessions.state(session, copy.id) == (1, False)
    assert counts == [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables]
