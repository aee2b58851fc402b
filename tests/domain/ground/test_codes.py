"""One-time codes: ten minutes, five tries, newest only, one text only."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from cohorts.ground import codes
from cohorts.ground.codes import Challenge, Codes

NOW = dt.datetime(2022, 11, 21, 1, 0, tzinfo=dt.UTC)
KEY = Codes(b"c" * 32)
TEXT = "ab" * 32


@pytest.fixture
def challenge(session: Session) -> Challenge:
    return issued(session)


def issued(session: Session) -> Challenge:
    return codes.issue(
        session, purpose="signing", subject_id="P1", bound=TEXT, contact_point_id=None, now=NOW
    )


def try_code(
    session: Session, challenge: Challenge, given: str, bound: str = TEXT, minutes: int = 1
) -> str:
    at = NOW + dt.timedelta(minutes=minutes)
    return codes.answer(session, KEY, challenge, given, bound, at)


def wrong(challenge: Challenge) -> str:
    return f"{(int(KEY.code(challenge.id)) + 1) % 1_000_000:06d}"


def test_the_code_is_six_digits_and_good_once(session: Session, challenge: Challenge) -> None:
    code = KEY.code(challenge.id)
    assert len(code) == 6
    assert code.isdigit()
    assert try_code(session, challenge, code) == "good"
    assert try_code(session, challenge, code) == "used"


def test_a_code_may_be_typed_with_spaces(session: Session, challenge: Challenge) -> None:
    code = KEY.code(challenge.id)
    assert try_code(session, challenge, f" {code[:3]} {code[3:]} ") == "good"


def test_the_fifth_wrong_try_locks_even_for_the_right_code(
    session: Session, challenge: Challenge
) -> None:
    outcomes = [try_code(session, challenge, wrong(challenge)) for _ in range(5)]
    assert outcomes == ["wrong"] * 4 + ["locked"]
    assert try_code(session, challenge, KEY.code(challenge.id)) == "locked"


def test_a_code_dies_after_ten_minutes(session: Session, challenge: Challenge) -> None:
    assert try_code(session, challenge, KEY.code(challenge.id), minutes=10) == "expired"


def test_only_the_newest_code_works(session: Session, challenge: Challenge) -> None:
    newer = issued(session)
    session.refresh(challenge)
    assert try_code(session, challenge, KEY.code(challenge.id)) == "replaced"
    assert try_code(session, newer, KEY.code(newer.id)) == "good"


def test_a_code_authorises_no_other_text(session: Session, challenge: Challenge) -> None:
    code = KEY.code(challenge.id)
    assert try_code(session, challenge, code, bound="cd" * 32) == "other_text"
    assert try_code(session, challenge, code) == "good"


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_not_six_digits_is_simply_wrong(
    session: Session, challenge: Challenge, given: str
) -> None:
    assert try_code(session, challenge, given) == "wrong"
    assert challenge.tries == 1
