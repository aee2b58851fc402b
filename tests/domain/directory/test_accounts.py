"""Accounts: who is recognised, how often one may try, and what a link is good for."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import accounts
from cohorts.directory.tables import User
from cohorts.ground.access import COMMAND, PUBLIC, may
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.links import Link
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal

NOW = dt.datetime(2022, 10, 20, 2, 0, tzinfo=dt.UTC)


class Plain:
    """A hasher for tests: it keeps the password and counts how often it was asked."""

    def __init__(self) -> None:
        self.checked = 0

    def hash(self, password: str) -> str:
        return f"plain:{password}"

    def verify(self, stored: str | None, password: str) -> bool:
        self.checked += 1
        return stored == f"plain:{password}"


@pytest.fixture
def rina(session: Session) -> User:
    return accounts.add_organizer(
        session, " Rina@Contoh.Example", "Rina Contoh", COMMAND, NOW,
        password_hash="plain:kuda laut biru")


def refused(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, match=f"^{code}$")


def test_an_address_is_one_account_however_it_is_typed(session: Session, rina: User) -> None:
    assert rina.email == "rina@contoh.example"
    with refused("directory.account_known"):
        accounts.add_organizer(session, "RINA@contoh.example ", "X", COMMAND, NOW)
    for wrong in ("rina", "@contoh.example", "a b@contoh.example", "a@b", "a@" + "b" * 260 + ".id"):
        with refused("directory.account_address"):
            accounts.add_organizer(session, wrong, "X", COMMAND, NOW)


def test_only_who_manages_accounts_gives_them(session: Session, rina: User) -> None:
    door = accounts.add_account(
        session, email="pintu@contoh.example", name="Pintu", actor=COMMAND, now=NOW,
        role="door_officer")
    for actor in (PUBLIC, accounts.actor_of(door, NOW)):
        with refused("ground.not_allowed"):
            accounts.add_organizer(session, "x@contoh.example", "X", actor, NOW)
    accounts.add_organizer(session, "x@contoh.example", "X", accounts.actor_of(rina, NOW), NOW)


def test_address_and_password_together_recognise(session: Session, rina: User) -> None:
    plain = Plain()
    found = accounts.recognise(session, "RINA@contoh.example", "kuda laut biru", plain)
    assert found is rina
    for email, password in (
        (rina.email, "kuda"), ("nobody@contoh.example", "kuda laut biru"), ("", ""),
    ):
        assert accounts.recognise(session, email, password, plain) is None
    rina.active = False
    assert accounts.recognise(session, rina.email, "kuda laut biru", plain) is None
    assert plain.checked == 5, "a hash is checked in every case, so that the time tells nothing"


def test_an_account_without_a_password_lets_nobody_in(session: Session) -> None:
    user = accounts.add_organizer(session, "baru@contoh.example", "Baru", COMMAND, NOW)
    assert accounts.recognise(session, user.email, "", Plain()) is None


def test_the_sixth_try_waits_until_the_window_is_over(session: Session) -> None:
    for _ in range(accounts.TRIES):
        assert accounts.attempt(session, "a@contoh.example", NOW) is None
    wait = accounts.attempt(session, " A@Contoh.example", NOW)
    assert wait is not None
    assert accounts.attempt(session, "b@contoh.example", NOW) is None
    later = NOW + dt.timedelta(seconds=wait)
    assert accounts.attempt(session, "a@contoh.example", later) is None


def test_all_accounts_together_have_a_limit_too(session: Session,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "ALL_TRIES", 3)
    tries = [accounts.attempt(session, f"{n}@contoh.example", NOW) for n in range(4)]
    assert tries[:3] == [None] * 3
    assert tries[3] is not None


def test_signing_in_is_noted_and_forgets_the_tries(session: Session, rina: User) -> None:
    for _ in range(accounts.TRIES):
        accounts.attempt(session, rina.email, NOW)
    accounts.sign_in(session, rina.id, NOW)
    assert accounts.attempt(session, rina.email, NOW) is None
    events = session.scalars(sa.select(ChronicleEntry.event)).all()
    assert "directory.signed_in" in events


def test_ended_grants_allow_nothing(session: Session, rina: User) -> None:
    assert may(accounts.actor_of(rina, NOW), "cohort.edit")
    rina.grants[0].ended_at = NOW
    assert not may(accounts.actor_of(rina, NOW), "cohort.edit")


def test_a_link_is_posted_to_the_accounts_own_address_and_says_nothing(session: Session,
                                                                       rina: User) -> None:
    accounts.ask_password_link(session, "Rina@contoh.example", NOW)
    accounts.ask_password_link(session, "nobody@contoh.example", NOW)
    posted = session.scalars(sa.select(Message)).all()
    assert [(m.address, m.kind) for m in posted] == [(rina.email, "password_link")]
    assert posted[0].facts == {"generation": rina.password_generation}


def test_one_address_may_ask_three_times(session: Session, rina: User) -> None:
    for _ in range(accounts.ASKS + 2):
        accounts.ask_password_link(session, rina.email, NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == accounts.ASKS


def test_a_link_works_once_and_only_the_newest(session: Session, rina: User) -> None:
    older = Link(rina.id, rina.password_generation)
    accounts.ask_password_link(session, rina.email, NOW)
    newest = Link(rina.id, rina.password_generation)
    with refused("ground.link_invalid"):
        accounts.set_password(session, older, "plain:x", NOW)
    before = rina.session_generation
    accounts.set_password(session, newest, "plain:x", NOW)
    assert (rina.password_hash, rina.session_generation) == ("plain:x", before + 1)
    with refused("ground.link_invalid"):
        accounts.set_password(session, newest, "plain:y", NOW)


def test_a_link_ends_by_itself(session: Session, rina: User) -> None:
    accounts.ask_password_link(session, rina.email, NOW)
    link = Link(rina.id, rina.password_generation)
    accounts.user_of_link(session, link, NOW + accounts.LINK_LIFETIME - dt.timedelta(seconds=1))
    with refused("ground.link_invalid"):
        accounts.user_of_link(session, link, NOW + accounts.LINK_LIFETIME)
    for strange in (None, Link("0" * 16, 1), Link(rina.id, 99)):
        with refused("ground.link_invalid"):
            accounts.user_of_link(session, strange, NOW)


@pytest.mark.parametrize(("password", "code"), [
    ("elevenchars", "directory.password_short"),
    ("rina@contoh.example", "directory.password_guessable"),
    ("RINA@CONTOH.EXAMPLE", "directory.password_guessable"),
    ("abababababab", "directory.password_guessable"),
])
def test_a_password_anybody_would_try_is_refused(rina: User, password: str, code: str) -> None:
    with refused(code) as caught:
        accounts.password_fits(password, rina)
    assert caught.value.field == "password"


def test_a_long_plain_sentence_is_a_good_password(rina: User) -> None:
    accounts.password_fits("kuda laut biru", rina)
