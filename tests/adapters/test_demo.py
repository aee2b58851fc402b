"""The Living Lab's story, loaded through the rules: true days and places, sample people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from app.adapters import mime
from app.demo import facts
from app.demo.load import load
from app.demo.stage import Stage, StepTold
from app.demo.tell_2022 import SLUG
from app.demo.tell_live import EMPTY
from app.demo.tell_live import SLUG as LIVE
from app.extensions import db
from app.mail.compose import Overtaken, Unsendable, compose
from cohorts.actions.tables import Closing, Item, ItemEvent
from cohorts.convenings.tables import Convening, Reply, Seat
from cohorts.directory.tables import Person, Region, User
from cohorts.door.tables import Act
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.outbox import Message
from cohorts.pledges import affirming
from cohorts.pledges.tables import Pledge, PledgeText, Signature, SignatureDocument
from cohorts.programme.tables import Cohort, Membership, MembershipEnd, Score, Visit
from cohorts.tables import metadata
from tests.databases import Databases, settings_for

NOW = datetime(2026, 3, 11, 6, 30, tzinfo=UTC)  # half past two in Bali


pytestmark = pytest.mark.xdist_group("demo")  # the story is loaded by one process, not by each


@pytest.fixture(scope="module")
def told(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, str]]:
    """The product with all three stories in it, and what the command printed."""
    home: Path = tmp_path_factory.mktemp("demo")
    app = create_app(settings_for(home, databases.copy("sqlite")))
    with app.app_context():
        said = load(lambda _line: None, NOW)
        db.session.remove()
        yield app, said
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(told: tuple[Flask, str]) -> Iterator[Session]:
    """Reads what was loaded; nothing is kept."""
    session = db.session()
    yield session
    session.rollback()


def _convenings(session: Session, slug: str) -> list[Convening]:
    return list(
        session.scalars(
            sa.select(Convening)
            .join(Cohort, Cohort.id == Convening.cohort_id)
            .where(Cohort.slug == slug)
            .order_by(Convening.number)
        )
    )


def _closings(session: Session, slug: str) -> list[Closing]:
    return list(
        session.scalars(
            sa.select(Closing)
            .join(Cohort, Cohort.id == Closing.cohort_id)
            .where(Cohort.slug == slug)
            .order_by(Closing.place)
        )
    )


def test_the_three_convenings_stand_on_their_true_days_and_in_their_zones(
    session: Session,
) -> None:
    held = _convenings(session, SLUG)
    assert [c.state for c in held] == ["closed"] * 4
    days = [c.starts_at.astimezone(ZoneInfo(c.timezone)) for c in held]
    assert [d.date() for d in days] == [
        date(2022, 11, 1),
        date(2022, 11, 7),
        date(2022, 11, 21),
        date(2023, 3, 14),
    ]
    bali = held[2]
    assert days[2].hour == 9
    assert bali.starts_at.astimezone(ZoneInfo("Asia/Jakarta")).hour == 8
    assert (bali.opening_planned, bali.opening_actual) == ("Menteri Dalam Negeri", "Menteri lain")


def test_closings_carry_what_the_screens_say(session: Session) -> None:
    summaries = [c.summary for c in _closings(session, SLUG)]
    # The two guest regions promise as well: four items more than the members' own.
    assert [s["carried"] for s in summaries] == [74, 192, 296, 224]
    assert [s["verified"] for s in summaries] == [0, 11, 29, 78]
    assert [(s["invited"], s["in_person"] + s["represented"]) for s in summaries] == [
        (124, 118),
        (124, 119),
        (62, 62),
        (61, 55),
    ]
    assert summaries[2]["signed"] == 64


def test_at_the_end_141_are_verified_and_12_dropped(session: Session) -> None:
    rows = session.execute(
        sa.select(ItemEvent.state, ItemEvent.verified, sa.func.count())
        .join(Item, sa.and_(Item.id == ItemEvent.item_id, Item.version == ItemEvent.seq))
        .join(Cohort, Cohort.id == Item.cohort_id)
        .where(Cohort.slug == SLUG)
        .group_by(ItemEvent.state, ItemEvent.verified)
    )
    counts = {(state, verified): n for state, verified, n in rows}
    assert counts[("done", True)] == 141
    assert counts[("dropped", False)] == 12
    assert sum(counts.values()) == 352


def test_members_visits_and_the_one_that_left(session: Session) -> None:
    cohort = session.scalars(sa.select(Cohort).where(Cohort.slug == SLUG)).one()
    paths = Counter(
        session.scalars(sa.select(Membership.entry_path).where(Membership.cohort_id == cohort.id))
    )
    assert paths == {"visited": 52, "invited_as_high_performer": 10}
    ended = session.scalars(
        sa.select(MembershipEnd).join(Membership).where(Membership.cohort_id == cohort.id)
    ).all()
    assert [e.left_on for e in ended] == [date(2023, 1, 31)]
    visits = session.scalars(sa.select(Visit).where(Visit.cohort_id == cohort.id)).all()
    assert len(visits) == 80
    assert sum(1 for v in visits if v.visited_on is None) == 9


def test_no_score_is_invented_for_a_real_region(session: Session) -> None:
    scores = session.scalars(sa.select(Score)).all()
    assert [(s.region_code, str(s.value), s.kind) for s in scores] == [
        (facts.REFERENCE_CODE, facts.REFERENCE_INDEX, "official")
    ]


def test_every_person_and_account_is_marked_as_a_sample(session: Session) -> None:
    people = session.scalars(sa.select(Person)).all()
    assert people
    assert all(p.sample and p.name.endswith(" Contoh") for p in people)
    assert all(u.sample for u in session.scalars(sa.select(User)))
    assert all(c.sample for c in session.scalars(sa.select(Cohort)))


def test_64_signed_and_each_has_its_printed_sheet(session: Session) -> None:
    signatures = session.scalars(sa.select(Signature)).all()
    assert len(signatures) == 64
    assert sum(1 for s in signatures if s.hand_over_id) == 5
    assert {s.method for s in signatures} == {"typed", "drawn"}
    printed = session.scalar(sa.select(sa.func.count()).select_from(SignatureDocument))
    assert printed == 64


def test_one_successor_has_re_affirmed_and_one_was_just_asked(session: Session) -> None:
    rows = session.scalars(sa.select(Signature).where(Signature.hand_over_id.is_(None))).all()
    states = Counter(m.state for m in affirming.matters(session, rows, NOW))
    assert states == {"settled": 57, "reaffirmed": 1, "waiting": 1}


def test_a_second_scan_undid_no_first(session: Session) -> None:
    doubled = session.execute(
        sa.select(Act.person_id)
        .where(Act.kind == "admit")
        .group_by(Act.convening_id, Act.part, Act.person_id)
        .having(sa.func.count() > 1)
    ).all()
    assert doubled == []


def test_the_live_story_stands_on_the_eve_of_bali(session: Session) -> None:
    first, second, bali = _convenings(session, LIVE)
    assert (first.state, second.state, bali.state) == ("closed", "closed", "announced")
    zone = ZoneInfo(bali.timezone)
    assert bali.starts_at.astimezone(zone).date() == NOW.astimezone(zone).date() + timedelta(1)
    assert (bali.starts_at - first.starts_at).days == 19  # nine in Jakarta is ten in Bali
    assert bali.reply_by > NOW
    assert bali.reply_by.astimezone(zone).date() == NOW.astimezone(zone).date()
    assert bali.door_opens_at <= NOW < bali.starts_at < bali.door_closes_at


def test_in_the_live_story_replies_are_coming_in_and_pledges_wait(session: Session) -> None:
    bali = _convenings(session, LIVE)[2]
    answers = Counter(
        session.scalars(
            sa.select(Reply.answer)
            .join(Seat, Seat.id == Reply.seat_id)
            .where(Seat.invitation.has(convening_id=bali.id))
        )
    )
    assert answers == {"attending": 41, "delegated": 5, "declined": 2}
    offered = session.scalar(
        sa.select(sa.func.count())
        .select_from(Pledge)
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .where(PledgeText.convening_id == bali.id)
    )
    assert offered == 62


def test_nothing_of_the_story_lies_in_the_future(session: Session) -> None:
    assert session.scalar(sa.select(sa.func.max(ChronicleEntry.at))) <= NOW
    assert session.scalar(sa.select(sa.func.max(Message.posted_at))) <= NOW


def test_the_empty_cohort_is_empty(session: Session) -> None:
    assert session.scalar(sa.select(Cohort.id).where(Cohort.slug == EMPTY)) is not None
    assert _convenings(session, EMPTY) == []


def test_every_kind_of_message_can_be_said_in_both_languages(session: Session) -> None:
    left = session.scalars(sa.select(Message).where(~Message.kind.startswith("job."))).all()
    seen: Counter[tuple[str, str]] = Counter()
    for message in left:
        for lang in ("id", "en"):
            if seen[(message.kind, lang)] >= 4:
                continue
            message.lang = lang
            try:
                assert mime.as_bytes(compose(session, message, NOW))
            except (Overtaken, Unsendable):
                continue
            seen[(message.kind, lang)] += 1
    kinds = {kind for kind, _lang in seen}
    assert kinds >= {
        "invitation",
        "reply_receipt",
        "deputy_link",
        "pledge_offer",
        "pledge_receipt",
        "closing_digest",
    }
    assert all(seen[(kind, "id")] == seen[(kind, "en")] for kind in kinds)


def test_a_second_load_changes_nothing(told: tuple[Flask, str]) -> None:
    def rows() -> dict[str, int]:
        session = db.session()
        counts = {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }
        session.rollback()
        return counts

    before = rows()
    assert load(lambda _line: None, NOW + timedelta(days=3)) == told[1]
    assert rows() == before


def test_what_is_printed_says_how_to_sign_in(told: tuple[Flask, str]) -> None:
    said = told[1]
    assert facts.ORGANISER[0] in said
    assert facts.PASSWORD in said
    assert "/auth/sign-in" in said


def test_an_interrupted_load_goes_on_where_it_stopped(app: Flask) -> None:
    ran: list[str] = []

    def good(session: Session) -> None:
        ran.append("good")
        session.add(
            Region(
                code="00",
                type="provinsi",
                name="Contoh",
                full_name="Provinsi Contoh",
                province_code="00",
                province_name="Contoh",
                timezone="Asia/Jakarta",
                autonomous=True,
                search_key="contoh",
            )
        )

    def bad(session: Session) -> None:
        good(session)
        session.flush()
        raise ConnectionError("pulled the plug")

    with app.app_context():
        stage = Stage("test", lambda _line: None)
        with pytest.raises(ConnectionError):
            stage.step("one", NOW, bad)
        assert db.session.get(Region, "00") is None
        db.session.rollback()
        for _ in range(2):
            Stage("test", lambda _line: None).step("one", NOW, good)
        assert ran == ["good", "good"]
        events = db.session.scalars(
            sa.select(ChronicleEntry.event).where(ChronicleEntry.event == StepTold.name)
        ).all()
        assert len(events) == 1
