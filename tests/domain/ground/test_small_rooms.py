"""Canonical bytes, days of a place, throttle, files, access."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given
from sqlalchemy.orm import Session

from cohorts.ground import clock, files, throttle
from cohorts.ground.access import ACTIONS, Actor, Held, Where, may
from cohorts.ground.canonical import canonical
from cohorts.ground.refusal import Refusal

NOW = dt.datetime(2022, 11, 21, 1, 0, tzinfo=dt.UTC)


def test_composed_and_decomposed_names_give_the_same_bytes() -> None:
    assert canonical("Café") == canonical("Cafe\u0301")


def test_an_instant_is_written_in_utc_and_a_decimal_as_text() -> None:
    bali = NOW.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert canonical({"b": Decimal("3.50"), "a": bali}) == (
        b'{"a":"2022-11-21T01:00:00Z","b":"3.50"}'
    )


def test_a_float_and_a_naive_instant_have_no_canonical_form() -> None:
    with pytest.raises(TypeError):
        canonical(3.5)
    with pytest.raises(ValueError, match="zone"):
        canonical(dt.datetime(2022, 1, 1))  # noqa: DTZ001 - naive on purpose


json_like = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), json_like, max_size=5))
def test_the_order_in_which_keys_were_added_does_not_matter(value: dict[str, object]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))


def test_a_day_in_bali_begins_an_hour_before_jakarta() -> None:
    late = dt.datetime(2022, 11, 20, 16, 30, tzinfo=dt.UTC)
    assert clock.day_in(late, "Asia/Makassar") == dt.date(2022, 11, 21)
    assert clock.day_in(late, "Asia/Jakarta") == dt.date(2022, 11, 20)
    assert clock.end_of_day(dt.date(2022, 11, 20), "Asia/Makassar") == late - dt.timedelta(
        minutes=30
    )
    assert clock.at(dt.date(2022, 11, 21), dt.time(9), "Asia/Makassar") == NOW


def test_the_limit_is_counted_per_key_and_window(session: Session) -> None:
    minute = dt.timedelta(minutes=1)

    def hit(key: str, at: dt.datetime) -> int | None:
        return throttle.hit(session, key, limit=2, every=minute, now=at)

    assert hit("a", NOW) is None
    assert hit("a", NOW) is None
    assert hit("a", NOW + dt.timedelta(seconds=20)) == 40
    assert hit("b", NOW) is None
    assert hit("a", NOW + minute) is None
    assert throttle.forget(session, before=NOW + minute) == 2


def test_a_file_is_kept_once_and_found_by_its_hash(session: Session, tmp_path: Path) -> None:
    store = files.FileStore(tmp_path)
    kept = store.put(b"%PDF-1.7 surat tugas", "application/pdf")
    assert store.put(b"%PDF-1.7 surat tugas", "application/pdf") == kept
    assert store.get(kept.sha256) == b"%PDF-1.7 surat tugas"
    assert files.register(session, kept, NOW) == files.register(session, kept, NOW)


def test_only_old_files_that_no_row_knows_are_orphans(session: Session, tmp_path: Path) -> None:
    store = files.FileStore(tmp_path)
    known = store.put(b"%PDF-known", "application/pdf")
    lost = store.put(b"%PDF-lost", "application/pdf")
    files.register(session, known, NOW)
    later = dt.datetime.now(dt.UTC) + 2 * files.ORPHAN_AGE
    assert [path.name for path in store.orphans(session, later)] == [lost.sha256]
    assert list(store.orphans(session, dt.datetime.now(dt.UTC))) == []


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"<html>", "ground.file_type"),
        (b"", "ground.file_type"),
        (b"%PDF-" + b"x" * 100, "ground.file_size"),
    ],
)
def test_an_upload_is_judged_by_its_bytes(data: bytes, answer: str) -> None:
    try:
        result = files.accept(data, limit=50)
    except Refusal as refusal:
        result = refusal.code
    assert result == answer


ORGANIZER = Actor("user", "U1", held=(Held("organizer", "cohort", "C1"),))
MENTOR = Actor(
    "user", "U2", held=(Held("mentor", "region", "32.11"),), regions=frozenset({"32.11"})
)

TRUTH = [
    # actor, action, where, allowed
    (ORGANIZER, "convening.edit", Where(cohort_id="C1"), True),
    (ORGANIZER, "convening.edit", Where(cohort_id="C2"), False),
    (ORGANIZER, "accounts.manage", Where(), True),
    (MENTOR, "accounts.manage", Where(), False),
    (Actor("user", "A", held=(Held("admin"),)), "accounts.manage", Where(), True),
    (Actor("user", "N"), "home.see", Where(), False),
    (MENTOR, "item.verify", Where(region_code="32.11"), False),
    (MENTOR, "item.verify", Where(region_code="32.10"), False),
    (
        Actor("user", "U3", held=(Held("mentor", "region", "32.10"),)),
        "item.verify",
        Where(region_code="32.10"),
        True,
    ),
    (Actor("link", "L", link="station"), "door.admit", Where(), True),
    (Actor("link", "L", link="guest"), "door.admit", Where(), False),
    (Actor("link", "L", link="owner"), "item.report", Where(), True),
    (Actor("link", "L", link="owner"), "item.verify", Where(), False),
    (Actor("link", "L", link="owner", held=(Held("admin"),)), "item.verify", Where(), False),
]


@pytest.mark.parametrize(("actor", "action", "where", "allowed"), TRUTH)
def test_who_may_do_what(actor: Actor, action: str, where: Where, allowed: bool) -> None:
    assert bool(may(actor, action, where)) is allowed


def test_nobody_without_a_grant_may_anything() -> None:
    assert not any(may(Actor("user", "N"), action) for action in ACTIONS)
