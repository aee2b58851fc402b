"""An organiser of one cohort neither reads nor changes anything of another one.

Every address of the organisers' room is tried with the ids of somebody else's cohort, and once more
with the own cohort or convening in front of somebody else's child.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.extensions import db
from app.guard import audience_of
from app.unit import unit
from cohorts.actions import moves
from cohorts.actions.proof import Proof
from cohorts.actions.standing import items_at
from cohorts.actions.tables import Ask, Evidence
from cohorts.convenings import chain, guest_mail, heard, letter_runs, programming, seats, sessions
from cohorts.convenings.names import Name
from cohorts.convenings.poll_tables import Poll, PollAsk
from cohorts.convenings.polls import open_poll
from cohorts.convenings.tables import Convening, HandOver, Invitation
from cohorts.directory import accounts_grants as grants
from cohorts.directory.accounts_reach import Place
from cohorts.ground.access import COMMAND
from cohorts.ground.files import FileStore, register
from cohorts.ground.outbox import Message
from cohorts.programme.tables import Cohort
from tests.build import actions, convenings, pledges, polls, programme
from tests.build.door import a_station
from tests.web.pages import Pages

EVERYBODYS = {
    # The directory belongs to all cohorts; who may keep it may keep all of it.
    "organizer.region", "organizer.region_usual", "organizer.office_new", "organizer.office",
    "organizer.appointment_new", "organizer.contact_new", "organizer.person",
    "organizer.person_edit", "organizer.hand_over", "organizer.contact_confirm",
    "organizer.directory_import_columns", "organizer.directory_import_check",
    "organizer.directory_import_mend", "organizer.directory_import_errors",
    "organizer.directory_import_save", "organizer.directory_export",
    "organizer.contact_end", "organizer.person_merge", "organizer.person_part",
    "organizer.letterhead", "organizer.letterhead_emblem",
    "organizer.regional_day", "organizer.regional_day_end",
}  # fmt: skip


@dataclass(frozen=True)
class Theirs:
    """Ids of another cohort, by the name of the argument that takes them."""

    ids: dict[str, str]
    own_cohort: str
    own_convening: str


def a_file(app: Flask) -> Proof:
    """A stored document, as evidence."""
    kept = FileStore(app.extensions["settings"].files_dir).put(b"%PDF-1.7 SK", "application/pdf")
    return Proof("file", "sk.pdf", kept)


def a_poll(session: Session, cohort: Cohort, now: dt.datetime) -> Poll:
    """A search for a date among the cohort's regions."""
    first = now + dt.timedelta(days=30)
    dates = tuple((first + dt.timedelta(days=n), first + dt.timedelta(days=n, hours=7))
                  for n in range(3))
    question = polls.the_question(dates=dates, answer_by=now + dt.timedelta(days=9))
    return open_poll(session, cohort.id, question, COMMAND, now)


def a_mail(app: Flask, session: Session, invitation_id: str) -> str:
    """Something that came back for an invitation."""
    store = FileStore(app.extensions["settings"].files_dir)
    sha = register(session, store.put(b"From: x", "message/rfc822"), pledges.NOW)
    mail = guest_mail.Incoming("k" * 64, "ajudan@contoh.example", "Mohon nomor.", False, None)
    return guest_mail.take(session, invitation_id, mail, sha, pledges.NOW).id


def a_letter(app: Flask, session: Session, invitation_id: str) -> str:
    """The letter behind an answer that was recorded on behalf of an office."""
    state = chain.who_comes(session, invitation_id, pledges.NOW)
    assert state is not None
    told = heard.Heard("letter", file=a_file(app).kept)
    seats.attend(
        session, state.seat_id, convenings.ORGANISER, pledges.NOW, name=Name("Ani"), heard=told)
    ((row, _note),) = next(iter(heard.behind(session, state.seat_id).values()))
    return row.id


def a_session(app: Flask, session: Session, convening: Convening) -> dict[str, str]:
    """A session of the programme with who speaks and what is handed out, by their arguments."""
    line = sessions.Line(convening.starts_at, 30, "Arahan", speaker="Tamu Luar")
    sessions.set_programme(session, convening.id, [line], 1, COMMAND, pledges.NOW)
    (entry,) = sessions.programme(session, convening.id)
    kept = a_file(app).kept
    paper = programming.add_material(
        session, entry.id, "Bahan", 2, COMMAND, pledges.NOW, kept=kept)
    speaker = entry.speakers[0].id
    return {"session_id": entry.id, "speaker_id": speaker, "material_id": paper.id}


def populated(app: Flask) -> Theirs:
    """A cohort with everything in it, and a second one for the organiser who tries."""
    with app.app_context():
        with unit() as session:
            scene = pledges.a_scene(session)
            signature = pledges.signed(session, scene.pledge)
            convenings.invitation.invite(
                session, scene.convening.id, ["kepala_daerah"], convenings.ORGANISER, pledges.NOW)
            item = items_at(session, scene.cohort.id)[0]
            moves.claim(
                session, item.id, proofs=[a_file(app)],
                actor=actions.an_owner(session, scene.cohort, scene.office), now=pledges.NOW)
            session.add(Ask(
                id="ASKASKASKASKASK1", item_id=item.id, kind="extension",
                until_on=dt.date(2023, 6, 1), asked_at=pledges.NOW, asked_by="test"))
            visit = programme.a_visit(session, scene.cohort)
            score = programme.a_score(session)
            station = a_station(session, scene.convening)
            invitation = session.scalars(
                sa.select(Invitation).where(Invitation.convening_id == scene.convening.id)).first()
            assert invitation is not None
            run = letter_runs.ask(
                session, scene.convening.id, "zip", convenings.ORGANISER, pledges.NOW)
            known = grants.invite(
                session, email="ani@contoh.example", name="Ani Contoh", role="auditor",
                place=Place("cohort", scene.cohort.id), actor=COMMAND, now=pledges.NOW)
            poll = a_poll(session, scene.cohort, pledges.NOW)
            asked = session.scalars(
                sa.select(PollAsk.id).where(PollAsk.poll_id == poll.id)).first()
            own = convenings.a_cohort(session, "14.72")
            mine = convenings.a_convening(session, own)
            ids = {
                "cohort_id": scene.cohort.id, "convening_id": scene.convening.id,
                "item_id": item.id, "text_id": scene.text.id, "pledge_id": scene.pledge.id,
                "signature_id": signature.id, "ask_id": "ASKASKASKASKASK1",
                "visit_id": visit.id, "score_id": score.id, "invitation_id": invitation.id,
                **a_session(app, session, scene.convening),
                "poll_id": poll.id, "asked_id": asked or "", "n": "1",
                "mail_id": a_mail(app, session, invitation.id),
                "heard_id": a_letter(app, session, invitation.id),
                "hand_over_id": "0" * 16, "station_id": station.id, "region_code": "14.08",
                "user_id": known.id, "grant_id": known.grants[0].id,
                "kind": "visits", "sha": "a" * 64, "to": "verified", "run_id": run.id,
                "evidence_id": session.scalars(sa.select(Evidence.id)).one(),
                "message_id": str(session.scalars(sa.select(Message.id).where(
                    Message.cohort_id == scene.cohort.id)).first()),
            }  # fmt: skip
            assert session.scalars(sa.select(HandOver)).all() == []
            result = Theirs(ids, own.id, mine.id)
        db.session.remove()
    return result


def addresses(app: Flask, theirs: Theirs) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address) of every page about one thing, with foreign ids in it."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if audience_of(view) != "organizer" or rule.endpoint in EVERYBODYS or not rule.arguments:
            continue
        yield from _tries(app, rule, theirs.ids)
        for parent, own in (("cohort_id", theirs.own_cohort),
                            ("convening_id", theirs.own_convening)):
            children = rule.arguments - {parent, "kind", "sha", "region_code", "to"}
            if parent in rule.arguments and children and "score_id" not in children:
                yield from _tries(app, rule, {**theirs.ids, parent: own})


def _tries(app: Flask, rule: Rule, ids: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    with app.test_request_context():
        values = {name: ids[name] for name in rule.arguments}
        address = app.url_map.bind("localhost").build(rule.endpoint, values)
    for method in sorted((rule.methods or set()) & {"GET", "POST"}):
        yield rule.endpoint, method, address


@pytest.mark.parametrize("role", ["organizer", "minute_taker", "mentor", "auditor"])
def test_nothing_of_another_cohort_is_read_or_changed(app: Flask, role: str) -> None:
    theirs = populated(app)
    reader = Pages(app).signed_in(role=role, scope="cohort", scope_id=theirs.own_cohort)
    token = reader.token()
    let_through = []
    for endpoint, method, address in addresses(app, theirs):
        answer = (
            reader.client.get(address) if method == "GET"
            else reader.client.post(address, data={"csrf_token": token}))
        if answer.status_code not in (403, 404):
            let_through.append((endpoint, method, address, answer.status_code))
    assert not let_through


def test_the_same_addresses_open_to_whoever_may_everything(app: Flask) -> None:
    """Otherwise the test above would pass on ids that lead nowhere."""
    theirs = populated(app)
    staff = Pages(app).signed_in()
    closed = {
        endpoint
        for endpoint, method, address in addresses(app, theirs)
        if method == "GET" and theirs.own_cohort not in address
        and theirs.own_convening not in address
        and staff.client.get(address).status_code in (403, 404)
    }
    # What the scene does not hold: an uploaded table, a surat tugas, a closing, printed letters.
    nothing_there = {
        "organizer.import_check", "organizer.import_errors_csv", "organizer.guest_letter",
        "organizer.closing", "organizer.closing_data", "organizer.letters_file",
    }  # fmt: skip
    assert closed <= nothing_there, closed - nothing_there
