"""Finding a date: who is asked, what they say, what is chosen."""

from __future__ import annotations

import dataclasses
import itertools
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cohorts.convenings import poll_answers, poll_end, poll_standing, polls
from cohorts.convenings.poll_answers import link_holder
from cohorts.convenings.poll_end import Terms
from cohorts.convenings.poll_standing import Voice
from cohorts.convenings.poll_tables import (
    Poll,
    PollAnswer,
    PollAsk,
    PollChoice,
    PollDate,
    PollRegion,
    PollWord,
)
from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory.tables import Region
from cohorts.ground.access import Actor, Held
from cohorts.ground.base import prepare_engine
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DUMAI, HOUR, NOW, ORGANISER, SIAK, START
from tests.build.polls import DAY, a_poll, ask_of, posted, the_question, voice

BANDUNG = "32.73"


def test_each_office_asked_gets_one_mail_and_a_link_of_its_own(session: Session) -> None:
    poll = a_poll(session, roles=("kepala_daerah", "sekda"))
    asks = session.scalars(sa.select(PollAsk).where(PollAsk.poll_id == poll.id)).all()
    assert len(asks) == 4, "two posts in two regions; vacant ones are asked too"
    assert posted(session, poll) == [("poll_asked", "ready", "bupati.14.08@contoh.example")]
    again = polls.open_poll(
        session, poll.cohort_id, the_question(), ORGANISER, NOW, poll_id=poll.id
    )
    assert again.id == poll.id
    assert len(posted(session, poll)) == 1, "sent twice, asked once"
    ask = ask_of(session, poll, SIAK)
    assert polls.ask_by_link(session, Link(ask.id, 1)) is ask
    for link in (Link(ask.id, 2), Link("-", 1), None):
        with pytest.raises(Refusal, match=r"ground\.link_invalid"):
            polls.ask_by_link(session, link)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"dates": the_question().dates[:2]}, "convenings.poll_dates"),
        ({"dates": the_question().dates * 2}, "convenings.poll_dates"),
        ({"dates": tuple((START + n * DAY, START) for n in range(3))},
         "convenings.ends_before_it_starts"),
        ({"dates": tuple((NOW - n * DAY, START) for n in range(3))}, "convenings.poll_date_past"),
        ({"answer_by": NOW}, "convenings.poll_answer_by"),
        ({"answer_by": START + HOUR}, "convenings.poll_answer_by"),
        ({"timezone": "Europe/Berlin"}, "convenings.zone_unknown"),
        ({"title_id": " "}, "ground.needed"),
        ({"venue": ""}, "ground.needed"),
        ({"roles": ()}, "convenings.no_roles"),
        ({"roles": ("raja",)}, "convenings.role_unknown"),
        ({"regions": (BANDUNG,)}, "convenings.poll_not_member"),
        ({"regions": (SIAK,), "required": (DUMAI,)}, "convenings.poll_nobody"),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused(session: Session, more: dict[str, Any], code: str) -> None:
    cohort = build.a_cohort(session, SIAK, DUMAI)
    with pytest.raises(Refusal) as refused:
        polls.open_poll(
            session, cohort.id, dataclasses.replace(the_question(), **more), ORGANISER, NOW
        )
    assert refused.value.code == code


def test_the_last_answer_of_a_region_holds_whichever_office_gave_it(session: Session) -> None:
    poll = a_poll(session, roles=("kepala_daerah", "sekda"))
    head, sekda = (ask_of(session, poll, SIAK, role) for role in ("bupati", "sekda"))
    says = {1: "yes", 2: "no", 3: "if_needed"}
    first = poll_answers.answer(session, head.id, says, link_holder(head.id), NOW, note=" Baik ")
    again = poll_answers.answer(session, head.id, says, link_holder(head.id), NOW, note="Baik")
    assert again.id == first.id, "a double click"
    late = poll.answer_by + HOUR
    poll_answers.answer(
        session, sekda.id, {1: "no", 2: "no", 3: "yes"}, link_holder(sekda.id), late
    )
    told = voice(session, poll, SIAK)
    assert told.answer is not None
    assert (told.by, told.says, told.answer.n) == (sekda, {1: "no", 2: "no", 3: "yes"}, 2)
    assert (told.answer.late, first.late) == (True, False)
    behalf = poll_answers.answer(session, head.id, says, ORGANISER, late)
    assert (behalf.on_behalf, voice(session, poll, SIAK).by) == (True, head)
    assert voice(session, poll, DUMAI).answer is None


def test_an_answer_is_whole_and_one_s_own(session: Session) -> None:
    poll = a_poll(session)
    siak, dumai = ask_of(session, poll, SIAK), ask_of(session, poll, DUMAI)
    for says in (
        {1: "yes"},
        {1: "yes", 2: "no", 3: "perhaps"},
        {1: "no", 2: "no", 3: "no", 4: "no"},
    ):
        with pytest.raises(Refusal, match=r"convenings\.poll_incomplete"):
            poll_answers.answer(session, siak.id, says, link_holder(siak.id), NOW)
    whole = {1: "yes", 2: "yes", 3: "yes"}
    mentor = Actor("user", "USERMENTOR000001", held=(Held("mentor"),))
    for actor in (link_holder(dumai.id), mentor):
        with pytest.raises(Refusal, match=r"ground\.not_allowed"):
            poll_answers.answer(session, siak.id, whole, actor, NOW)


WORDS = st.sampled_from(("yes", "if_needed", "no", None))


@given(st.lists(st.tuples(st.booleans(), WORDS, WORDS, WORDS), min_size=1, max_size=8))
def test_the_first_date_suits_the_required_then_the_most(
    told: list[tuple[bool, str | None, str | None, str | None]],
) -> None:
    dates = [
        PollDate(poll_id="P", n=n, starts_at=START + n * DAY, ends_at=START) for n in (1, 2, 3)
    ]
    answer = PollAnswer(id="A")
    voices = [
        Voice(
            Region(code=f"{n}"), required, (), answer if any(words) else None, None,
            {n: word for n, word in enumerate(words, start=1) if word}, "",
        )
        for n, (required, *words) in enumerate(told)
    ]  # fmt: skip
    ranked = poll_standing.rank(dates, voices)
    for better, worse in itertools.pairwise(ranked):
        keys = [
            (
                all(v.says.get(r.date.n) in ("yes", "if_needed") for v in voices if v.required),
                sum(v.says.get(r.date.n) == "yes" for v in voices),
                sum(v.says.get(r.date.n) == "if_needed" for v in voices),
                -r.date.n,
            )
            for r in (better, worse)
        ]
        assert keys[0] > keys[1]


def test_choosing_a_date_plans_announces_and_invites_at_once(session: Session) -> None:
    poll = a_poll(session)
    siak = ask_of(session, poll, SIAK)
    poll_answers.answer(session, siak.id, {1: "no", 2: "yes", 3: "no"}, link_holder(siak.id), NOW)
    assert [w.office_id for w in poll_end.invites(session, poll, NOW)] == [
        ask_of(session, poll, code).office_id for code in (DUMAI, SIAK)]  # fmt: skip
    terms = Terms(venue="Kampus UID", address="Denpasar", reply_by=START)
    made = poll_end.choose(session, poll.id, 2, terms, ORGANISER, NOW + HOUR, seen=2)
    assert (made.state, made.starts_at, made.venue) == ("announced", START + DAY, "Kampus UID")
    assert made.title_id == poll.title_id
    offices = set(session.scalars(
        sa.select(Invitation.office_id).where(Invitation.convening_id == made.id)))  # fmt: skip
    assert offices == {ask_of(session, poll, code).office_id for code in (SIAK, DUMAI)}
    assert build.mail(session, session.scalars(
        sa.select(Invitation.id).where(Invitation.office_id == siak.office_id)).one()
    ) == [("invitation", "ready")]  # fmt: skip
    assert posted(session, poll)[0][:2] == ("poll_asked", "superseded"), "nobody is asked now"
    assert poll_end.choose(session, poll.id, 2, terms, ORGANISER, NOW + HOUR).id == made.id
    with pytest.raises(Refusal, match=r"convenings\.poll_decided"):
        poll_end.choose(session, poll.id, 1, terms, ORGANISER, NOW + HOUR)
    for act in (
        lambda: poll_answers.answer(
            session, siak.id, {1: "no", 2: "no", 3: "no"}, link_holder(siak.id), NOW + HOUR
        ),
        lambda: poll_end.cancel(session, poll.id, "x", ORGANISER, NOW + HOUR),
    ):
        with pytest.raises(Refusal, match=r"convenings\.poll_decided"):
            act()
    assert session.scalar(sa.select(sa.func.count()).select_from(Convening)) == 1


def test_two_organisers_who_choose_at_once_make_one_convening(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    prepare_engine(engine)
    with engine.connect().execution_options(write=True) as made, Session(made) as session:
        poll_id = a_poll(session).id
        session.commit()
    barrier = Barrier(2)

    def choose(n: int) -> str:
        barrier.wait()
        terms = Terms(venue="Kampus UID", reply_by=START)
        with engine.connect().execution_options(write=True) as own, Session(own) as session:
            try:
                poll_end.choose(session, poll_id, n, terms, ORGANISER, NOW)
                session.commit()
            except Refusal as refusal:
                session.rollback()
                return refusal.code
        return "chosen"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(choose, (1, 2)))
    with Session(engine) as session:
        held = session.scalar(sa.select(sa.func.count()).select_from(Convening))
    engine.dispose()
    assert (told, held) == (["chosen", "convenings.poll_decided"], 1)


def test_only_the_regions_that_were_asked_are_invited_where_not_all_members_were(
    session: Session,
) -> None:
    poll = a_poll(session, regions=(DUMAI,))
    assert not poll_end.all_members(session, poll)
    made = poll_end.choose(
        session, poll.id, 1, Terms(venue="Dumai", reply_by=START), ORGANISER, NOW, seen=1
    )
    (invited,) = session.scalars(sa.select(Invitation).where(Invitation.convening_id == made.id))
    assert invited.office_id == ask_of(session, poll, DUMAI).office_id


def test_nothing_is_left_of_a_choice_that_is_refused(session: Session) -> None:
    poll = a_poll(session)
    terms = Terms(venue="Kampus UID", reply_by=START)
    for n, now, seen, code in (
        (1, START, None, "convenings.poll_date_past"),
        (9, NOW, None, "ground.not_found"),
        (1, NOW, 7, "convenings.changed_since_preview"),
    ):
        with pytest.raises(Refusal) as refused:
            poll_end.choose(session, poll.id, n, terms, ORGANISER, now, seen=seen)
        assert refused.value.code == code
    assert (poll.state, session.scalars(sa.select(Convening)).all()) == ("open", [])


def test_calling_it_off_tells_those_who_answered_and_nobody_else(session: Session) -> None:
    poll = a_poll(session, address_of_dumai=True)
    siak = ask_of(session, poll, SIAK)
    poll_answers.answer(session, siak.id, {1: "no", 2: "no", 3: "no"}, link_holder(siak.id), NOW)
    with pytest.raises(Refusal, match=r"convenings\.poll_reason"):
        poll_end.cancel(session, poll.id, " ", ORGANISER, NOW)
    assert poll_end.cancel(session, poll.id, "Banjir", ORGANISER, NOW) == 1
    assert poll_end.cancel(session, poll.id, "Banjir", ORGANISER, NOW) == 0
    assert sorted(posted(session, poll)) == [
        ("poll_asked", "superseded", "bupati.14.08@contoh.example"),
        ("poll_asked", "superseded", "walikota.14.72@contoh.example"),
        ("poll_cancelled", "ready", "bupati.14.08@contoh.example"),
    ]
    with pytest.raises(Refusal, match=r"convenings\.poll_cancelled"):
        poll_end.choose(session, poll.id, 1, Terms(venue="X", reply_by=START), ORGANISER, NOW)


def test_the_database_holds_one_choice_six_dates_and_one_answer_at_a_time(
    session: Session,
) -> None:
    poll = a_poll(session)
    made = poll_end.choose(session, poll.id, 1, Terms(venue="X", reply_by=START), ORGANISER, NOW)
    ask = ask_of(session, poll, SIAK)
    wrong = (
        PollChoice(poll_id=poll.id, date_n=2, convening_id=made.id, at=NOW, actor="x"),
        PollDate(poll_id=poll.id, n=7, starts_at=START, ends_at=START + HOUR),
        PollDate(poll_id=poll.id, n=4, starts_at=START, ends_at=START + 7 * HOUR),
        PollRegion(poll_id=poll.id, region_code="99.99", required=False),
        PollAsk(poll_id=poll.id, region_code=BANDUNG, office_id=ask.office_id, generation=1,
                asked_at=NOW),
        PollWord(answer_id="-", poll_id=poll.id, date_n=1, says="yes"),
        Poll(**{c.key: getattr(poll, c.key) for c in Poll.__table__.columns}
             | {"id": "X", "state": "open"}),
    )  # fmt: skip
    for row in wrong:
        held = session.begin_nested()
        session.add(row)
        with pytest.raises(IntegrityError):
            session.flush()
        held.rollback()


def test_only_who_organises_the_cohort_asks_and_chooses(session: Session) -> None:
    poll = a_poll(session)
    other = Actor("user", "USERORGANISER002", held=(Held("organizer", "cohort", "ELSEWHERE"),))
    for act in (
        lambda: polls.open_poll(session, poll.cohort_id, the_question(), other, NOW),
        lambda: poll_end.choose(session, poll.id, 1, Terms(venue="X", reply_by=START), other, NOW),
        lambda: poll_end.cancel(session, poll.id, "x", other, NOW),
    ):
        with pytest.raises(Refusal, match=r"ground\.not_allowed"):
            act()
    with pytest.raises(Refusal, match=r"ground\.not_found"):
        polls.poll(session, "ELSEWHERE", poll.id)


def test_the_standing_takes_as_many_queries_for_many_regions_as_for_two(session: Session) -> None:
    codes = [r for r in session_codes(session) if r not in (SIAK, DUMAI)][:20]
    few, many = a_poll(session), a_poll(session, *codes)
    asked: list[str] = []

    def count(_c: object, _k: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    sa.event.listen(session.get_bind(), "before_cursor_execute", count)
    spent = []
    for poll in (few, many):
        session.expire_all()
        found = polls.poll(session, poll.cohort_id, poll.id)
        asked.clear()
        poll_standing.standing(session, found)
        spent.append(len(asked))
    sa.event.remove(session.get_bind(), "before_cursor_execute", count)
    assert spent[0] == spent[1] <= 6


def session_codes(session: Session) -> list[str]:
    directory.the_directory(session)
    return list(
        session.scalars(
            sa.select(Region.code).where(Region.type != "provinsi").order_by(Region.code).limit(30)
        )
    )
