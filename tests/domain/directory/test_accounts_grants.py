"""Grants: who may give what where, for how long, and who may not leave."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import accounts
from cohorts.directory import accounts_grants as grants
from cohorts.directory.accounts_reach import EVERYWHERE, FITS, Place, may_give, may_see
from cohorts.directory.tables import Grant, User
from cohorts.ground.access import COMMAND, PUBLIC, ROLES, SCOPES, Actor, Held, Where, may
from cohorts.ground.base import prepare_engine
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.links import Link
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build.directory import AUDITOR, ORGANISER, a_region

NOW = dt.datetime(2022, 10, 20, 2, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ONE = Place("cohort", "COHORT0000000001")
TWO = Place("cohort", "COHORT0000000002")
DOOR = Place("convening", "CONVENING0000001", ONE.id)
SIAK = Place("region", "14.08")
COHORT_OF = {DOOR.id: ONE.id}
OF_ONE = Actor("user", "USEROFONE0000001", held=(Held("organizer", "cohort", ONE.id),))
DOOR_ONLY = Actor("user", "USERDOOR00000001", held=(Held("door_officer", "convening", DOOR.id),))


def refused(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, match=f"^{code}$")


def invited(
    session: Session,
    role: str = "organizer",
    place: Place = ONE,
    *,
    email: str = "",
    actor: Actor = COMMAND,
    now: dt.datetime = NOW,
    until: dt.datetime | None = None,
) -> User:
    return grants.invite(
        session,
        email=email or f"{role}-{place.id.lower() or 'all'}@contoh.example",
        name="Rina Contoh",
        role=role,
        place=place,
        actor=actor,
        now=now,
        until=until,
    )


def revoked(session: Session, user: User, actor: Actor = COMMAND, now: dt.datetime = NOW) -> None:
    for grant in [g for g in user.grants if g.holds(now)]:
        grants.revoke(session, grant.id, cohort_of=COHORT_OF, actor=actor, now=now)


def closed(session: Session, user: User, actor: Actor = COMMAND, now: dt.datetime = NOW) -> None:
    grants.close(session, user.id, cohort_of=COHORT_OF, actor=actor, now=now)


def with_password(session: Session, user: User) -> User:
    accounts.set_password(session, Link(user.id, user.password_generation), "plain:x", NOW)
    return user


@pytest.mark.parametrize(
    ("actor", "role", "place", "allowed"),
    [
        (COMMAND, "admin", EVERYWHERE, True),
        (ORGANISER, "admin", EVERYWHERE, False),
        (ORGANISER, "organizer", EVERYWHERE, True),
        (ORGANISER, "mentor", SIAK, True),
        (OF_ONE, "organizer", ONE, True),
        (OF_ONE, "door_officer", DOOR, True),
        (OF_ONE, "door_officer", Place("convening", DOOR.id), False),
        (OF_ONE, "organizer", TWO, False),
        (OF_ONE, "auditor", EVERYWHERE, False),
        (OF_ONE, "mentor", SIAK, False),
        (AUDITOR, "auditor", EVERYWHERE, False),
        (DOOR_ONLY, "door_officer", DOOR, False),
        (Actor("link", "L", link="owner", held=(Held("admin"),)), "auditor", ONE, False),
    ],
)
def test_nobody_gives_more_than_is_theirs(
    actor: Actor, role: str, place: Place, allowed: bool
) -> None:
    assert may_give(actor, role, place) is allowed


def test_who_works_in_one_cohort_does_not_see_another_ones_people() -> None:
    seen = [p for p in (EVERYWHERE, ONE, TWO, DOOR, SIAK) if may_see(OF_ONE, p)]
    assert seen == [EVERYWHERE, ONE, DOOR, SIAK]
    assert may_see(AUDITOR, TWO)
    assert not may_see(DOOR_ONLY, DOOR)


def test_every_role_fits_somewhere_and_nowhere_else() -> None:
    assert tuple(FITS) == ROLES
    assert {scope for scopes in FITS.values() for scope in scopes} == set(SCOPES)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("admin", ONE),
        ("door_officer", SIAK),
        ("mentor", DOOR),
        ("auditor", DOOR),
        ("nobody", ONE),
        ("organizer", Place("cohort", "")),
        ("organizer", Place("all", "X")),
    ],
)
def test_a_role_holds_only_where_it_makes_sense(session: Session, role: str, place: Place) -> None:
    with refused("directory.grant_scope"):
        invited(session, role, place)


@pytest.mark.parametrize(
    ("actor", "place", "code"),
    [
        (PUBLIC, ONE, "ground.not_allowed"),
        (AUDITOR, ONE, "ground.not_allowed"),
        (DOOR_ONLY, DOOR, "ground.not_allowed"),
        (OF_ONE, TWO, "directory.grant_out_of_reach"),
    ],
)
def test_a_grant_out_of_reach_is_refused_and_nothing_is_made(
    session: Session, actor: Actor, place: Place, code: str
) -> None:
    with refused(code):
        invited(session, "minute_taker", place, actor=actor)
    assert session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def test_an_invited_person_gets_one_mail_with_a_link_open_for_a_week(session: Session) -> None:
    user = invited(session, "door_officer", DOOR, actor=OF_ONE)
    message = session.scalars(sa.select(Message)).one()
    assert (message.kind, message.address) == ("password_link", user.email)
    assert message.facts == {"generation": user.password_generation}
    assert grants.link_state(user, NOW) == "open"
    assert grants.link_state(user, NOW + 7 * DAY) == "lapsed"
    assert user.grants[0].given_by == OF_ONE.id
    assert grants.link_state(with_password(session, user), NOW) == "set"


def test_a_grant_ends_by_itself_on_its_day(session: Session) -> None:
    user = invited(session, "door_officer", DOOR, until=NOW + DAY)
    where = Where(cohort_id=ONE.id, convening_id=DOOR.id)
    before, after = NOW + DAY - dt.timedelta(seconds=1), NOW + DAY
    assert may(accounts.actor_of(user, before), "door.admit", where)
    assert not may(accounts.actor_of(user, after), "door.admit", where)
    with refused("directory.grant_until_past"):
        invited(session, "minute_taker", ONE, until=NOW)


def test_a_known_address_gets_the_role_and_no_second_account(session: Session) -> None:
    user = with_password(session, invited(session, "organizer", ONE, email="a@contoh.example"))
    posted = session.scalar(sa.select(sa.func.count()).select_from(Message))
    assert invited(session, "minute_taker", TWO, email=" A@Contoh.Example") is user
    assert {(g.role, g.scope_id) for g in user.grants} == {
        ("organizer", ONE.id),
        ("minute_taker", TWO.id),
    }
    assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == posted


def test_the_same_grant_is_given_once_and_may_be_prolonged(session: Session) -> None:
    user = invited(session, until=NOW + DAY)
    for sooner in (NOW + DAY, NOW + DAY / 2):
        with refused("directory.grant_known"):
            invited(session, until=sooner)
    invited(session, until=NOW + 3 * DAY, now=NOW + DAY / 4)
    invited(session, now=NOW + DAY / 3)
    live = [g for g in user.grants if g.holds(NOW + DAY / 2)]
    assert [g.ended_at for g in live] == [None]
    with refused("directory.grant_known"):
        invited(session, now=NOW + DAY / 2)


def test_a_revoked_grant_ends_at_once_and_stays_in_the_record(session: Session) -> None:
    user = invited(session, "auditor", ONE)
    revoked(session, user, OF_ONE)
    assert not may(accounts.actor_of(user, NOW), "directory.see")
    assert user.grants[0].ended_at == NOW
    assert "directory.grant_revoked" in session.scalars(sa.select(ChronicleEntry.event)).all()
    with refused("directory.grant_over"):
        grants.revoke(session, user.grants[0].id, cohort_of=COHORT_OF, actor=COMMAND, now=NOW)
    with refused("ground.not_found"):
        grants.revoke(session, "0" * 16, cohort_of=COHORT_OF, actor=COMMAND, now=NOW)


def test_nobody_takes_what_is_not_theirs_to_give(session: Session) -> None:
    boss = invited(session, "admin", EVERYWHERE)
    invited(session, "admin", EVERYWHERE, email="other@contoh.example")
    other = invited(session, "minute_taker", TWO)
    for user in (boss, other):
        with refused("directory.grant_out_of_reach"):
            revoked(session, user, OF_ONE)
        with refused("directory.grant_out_of_reach"):
            closed(session, user, OF_ONE)
        with refused("directory.grant_out_of_reach"):
            grants.invite_again(session, user.id, cohort_of=COHORT_OF, actor=OF_ONE, now=NOW + DAY)
    with refused("ground.not_allowed"):
        closed(session, other, AUDITOR)


def test_the_last_organiser_of_a_cohort_stays(session: Session) -> None:
    first = invited(session)
    invited(session, "organizer", TWO)
    invited(session, "admin", EVERYWHERE)
    invited(session, "minute_taker", ONE)
    for remove in (revoked, closed):
        with refused("directory.last_organizer"):
            remove(session, first)
    assert first.active
    assert first.grants[0].holds(NOW)
    second = invited(session, email="second@contoh.example")
    revoked(session, first)
    with refused("directory.last_organizer"):
        closed(session, second)


def test_an_organiser_of_every_cohort_follows_but_not_the_other_way_round(
    session: Session,
) -> None:
    own, every = invited(session), invited(session, "organizer", EVERYWHERE)
    with refused("directory.last_organizer"):
        revoked(session, every)
    revoked(session, own)


def test_who_leaves_sooner_does_not_follow_who_would_have_stayed(session: Session) -> None:
    lasting = invited(session)
    brief = invited(session, email="brief@contoh.example", until=NOW + DAY)
    with refused("directory.last_organizer"):
        revoked(session, lasting)
    revoked(session, brief)


def test_a_sample_account_follows_only_another_one(session: Session) -> None:
    real = invited(session)
    trial = accounts.add_account(
        session,
        email="contoh@contoh.example",
        name="Contoh",
        actor=COMMAND,
        now=NOW,
        role="organizer",
        scope="cohort",
        scope_id=ONE.id,
        sample=True,
    )
    with refused("directory.last_organizer"):
        revoked(session, real)
    revoked(session, trial)


def test_the_last_administrator_stays(session: Session) -> None:
    rina = accounts.add_organizer(session, "rina@contoh.example", "Rina", COMMAND, NOW)
    invited(session, "organizer", EVERYWHERE)
    with refused("directory.last_administrator"):
        closed(session, rina, accounts.actor_of(rina, NOW))
    invited(session, "admin", EVERYWHERE)
    closed(session, rina, accounts.actor_of(rina, NOW))


def test_a_closed_account_is_out_everywhere_and_comes_back_without_its_past(
    session: Session,
) -> None:
    user = with_password(session, invited(session, "auditor", ONE))
    before = user.session_generation
    closed(session, user)
    assert (user.active, grants.link_state(user, NOW)) == (False, "closed")
    assert user.session_generation > before
    assert accounts.actor_of(user, NOW).held == ()
    with refused("directory.account_closed"):
        closed(session, user)
    with refused("directory.account_closed"):
        grants.invite_again(session, user.id, cohort_of=COHORT_OF, actor=COMMAND, now=NOW)
    again = invited(session, "minute_taker", DOOR, email=user.email, now=NOW + DAY)
    assert again is user
    assert user.active
    assert user.password_hash is None
    assert grants.link_state(user, NOW + DAY) == "open"
    assert [h.role for h in accounts.actor_of(user, NOW + DAY).held] == ["minute_taker"]


def test_an_invitation_is_mailed_again_but_not_at_once(session: Session) -> None:
    user = invited(session, "minute_taker", DOOR)
    first = Link(user.id, user.password_generation)
    with refused("directory.invited_just_now") as caught:
        grants.invite_again(session, user.id, cohort_of=COHORT_OF, actor=OF_ONE, now=NOW)
    assert caught.value.facts["minutes"] == 15
    later = NOW + grants.RESTS
    grants.invite_again(session, user.id, cohort_of=COHORT_OF, actor=OF_ONE, now=later)
    assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 2
    with refused("ground.link_invalid"):
        accounts.user_of_link(session, first, later)
    assert accounts.user_of_link(session, Link(user.id, user.password_generation), later) is user
    with_password(session, user)
    with refused("directory.account_in_use"):
        grants.invite_again(session, user.id, cohort_of=COHORT_OF, actor=OF_ONE, now=NOW + DAY)


def test_a_mentor_with_an_assigned_region_verifies_there_alone(session: Session) -> None:
    a_region(session, "14.08")
    user = invited(session, "mentor", SIAK)
    actor = accounts.actor_of(user, NOW)
    assert may(actor, "item.verify", Where(cohort_id=ONE.id, region_code="14.08"))
    assert not may(actor, "item.verify", Where(cohort_id=ONE.id, region_code="14.07"))


def test_a_name_too_long_is_refused_not_cut(session: Session) -> None:
    for name, code in (("x" * 121, "ground.too_long"), ("  ", "ground.needed")):
        with refused(code):
            grants.invite(
                session,
                email="x@contoh.example",
                name=name,
                role="auditor",
                place=ONE,
                actor=COMMAND,
                now=NOW,
            )


def test_two_organisers_who_remove_each_other_leave_one(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    prepare_engine(engine)
    with engine.connect().execution_options(write=True) as made, Session(made) as session:
        users = [invited(session, email=f"{n}@contoh.example") for n in range(2)]
        ids = [user.grants[0].id for user in users]
        session.commit()
    barrier = Barrier(2)

    def remove(grant_id: str) -> str:
        barrier.wait()
        with engine.connect().execution_options(write=True) as own, Session(own) as session:
            try:
                grants.revoke(session, grant_id, cohort_of={}, actor=OF_ONE, now=NOW)
                session.commit()
            except Refusal as refusal:
                session.rollback()
                return refusal.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(remove, ids))
    with Session(engine) as session:
        left = session.scalars(sa.select(Grant).where(Grant.ended_at.is_(None))).all()
    engine.dispose()
    assert told == ["directory.last_organizer", "done"]
    assert len(left) == 1
