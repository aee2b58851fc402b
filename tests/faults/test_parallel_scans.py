"""Fifty phones show one pass at the same moment, to two server processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from app.extensions import db
from cohorts.door.tables import Act, Scan
from tests.faults.conftest import Servers
from tests.faults.phone import Door, a_door

SCANS = 50
T = TypeVar("T")
pytestmark = pytest.mark.postgres


def at_once(work: Callable[[int], T], numbers: Iterable[int]) -> list[T]:
    """Do it for all numbers in the same moment, each in a thread of its own."""
    everybody = list(numbers)
    gate = Barrier(len(everybody))

    def one(n: int) -> T:
        gate.wait(60)
        return work(n)

    with ThreadPoolExecutor(len(everybody)) as crowd:
        return list(crowd.map(one, everybody))


def rows(servers: Servers, table: type[Act] | type[Scan], door: Door) -> int:
    with servers.app.app_context():
        found = db.session.scalar(
            db.select(db.func.count()).select_from(table)
            .where(table.convening_id == door.convening_id))
        db.session.remove()
    return int(found or 0)


def test_fifty_scans_of_one_pass_through_two_processes_are_one_admission(
    servers: Servers
) -> None:
    door = a_door(servers.app, guests=2)
    phones = [door.phone(servers.url(n), gate=n % 2) for n in range(SCANS)]
    answers = at_once(lambda n: phones[n].scan(door.codes[0], f"phone-a-{n:04}"), range(SCANS))
    assert Counter(a["outcome"] for a in answers) == {"admitted": 1, "already": SCANS - 1}
    where = {a["detail"] for a in answers if a["outcome"] == "already"}
    assert len(where) == 1, "everybody is told the same first time and gate"
    assert rows(servers, Act, door) == 1
    assert rows(servers, Scan, door) == SCANS, "every scan is kept"

    # Half of the phones never saw their answer and send the same record once more.
    half = range(0, SCANS, 2)
    again = at_once(lambda n: phones[n].scan(door.codes[0], f"phone-a-{n:04}"), half)
    assert [a["outcome"] for a in again] == [answers[n]["outcome"] for n in half]
    assert rows(servers, Scan, door) == SCANS
    other = phones[0].scan(door.codes[1], "phone-a-other")
    assert other["outcome"] == "admitted", "another guest is not held up"


def test_one_record_sent_by_two_ways_at_once_is_one_record(servers: Servers) -> None:
    """A phone whose answer was slow sends the same record again while the first is under way."""
    door = a_door(servers.app)
    phones = [door.phone(servers.url(n)) for n in range(16)]
    answers = at_once(lambda n: phones[n].scan(door.codes[0], "phone-b-0001"), range(16))
    assert {a["outcome"] for a in answers} == {"admitted"}
    assert rows(servers, Act, door) == 1
    assert rows(servers, Scan, door) == 1
