"""The door does not wait: a scan lands within a second while the house does something heavy."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.actions import items
from cohorts.actions.tables import Closing
from cohorts.directory.tables import Office, Organisation
from cohorts.programme.tables import Cohort, Visit
from cohorts.turns.close import close
from cohorts.turns.start import start
from tests.build.door import ORGANISER
from tests.faults.conftest import Servers
from tests.faults.phone import CODES, Door, a_door, an_organiser

ROWS = 10_000
ITEMS = 400
WITHIN = 1.0  # second
pytestmark = pytest.mark.postgres


@contextmanager
def scanning(servers: Servers, door: Door) -> Iterator[list[tuple[float, float]]]:
    """Two gates scan without a pause, one at each server; (began, took) of every scan, seconds."""
    seen: list[tuple[float, float]] = []
    broken: list[BaseException] = []
    stop = threading.Event()
    tick = itertools.count()

    def gate(n: int) -> None:
        try:
            phone = door.phone(servers.url(n), gate=n)
            while not stop.is_set():
                began = time.perf_counter()
                answer = phone.scan(
                    door.codes[next(tick) % len(door.codes)],
                    f"busy-{door.convening_id}-{n}-{next(tick)}")
                assert answer["outcome"] in ("admitted", "already"), answer
                seen.append((began, answer["took"]))
                time.sleep(0.02)
        except BaseException as problem:
            broken.append(problem)

    threads = [threading.Thread(target=gate, args=(n,)) for n in range(2)]
    for one in threads:
        one.start()
    try:
        until = time.monotonic() + 60
        while len(seen) < 10 and not broken and time.monotonic() < until:
            time.sleep(0.01)
        yield seen
    finally:
        stop.set()
        for one in threads:
            one.join(60)
    assert not broken, broken


def slowest(
    servers: Servers, door: Door, work: Callable[[], None]
) -> tuple[float, int, float]:
    """Do the work while two gates scan: the slowest scan that met it, how many did, and how long
    the work took; seconds."""
    with scanning(servers, door) as seen:
        began = time.perf_counter()
        work()
        ended = time.perf_counter()
    met = [took for at, took in seen if at < ended and at + took > began]
    return max(met, default=0.0), len(met), ended - began


def crowding() -> float:
    """How much longer than its own time a little work takes just now: 1 on a machine of our own,
    2 when as much other work (tests beside this one) asks for each processor."""
    began, own = time.perf_counter(), time.process_time()
    while time.process_time() - own < 0.2:
        pass
    return max(1.0, (time.perf_counter() - began) / 0.2)


def lands_in_time(once: Callable[[], tuple[float, int, float]]) -> None:
    """A scan that met the work took no more than a second of a machine that has nothing else to
    do. One of three runs is enough: a door that has to wait for the house is slow in all."""
    told = []
    for _ in range(3):
        before = crowding()
        longest, met, took = once()
        crowd = (before + crowding()) / 2
        assert met >= 1, "a scan met the work"
        if longest < WITHIN * crowd:
            return
        told.append(
            f"{longest:.2f} s, crowded {crowd:.1f}, the work took {took:.2f} s, {met} met it")
    raise AssertionError("; ".join(told))


def imported(servers: Servers) -> tuple[float, int, float]:
    """Bring in a file of ROWS visits through its pages, at the first server."""
    door = a_door(servers.app, guests=2)
    with servers.app.app_context():
        with unit() as session:
            cohort = session.get(Cohort, door.cohort_id)
            assert cohort is not None
            cohort.reference_region_code = "32.11"
        db.session.remove()
    desk = an_organiser(servers.app, servers.url(0))
    address = f"/o/cohorts/{door.cohort_id}/visits/import"
    lines = ["id,kode,daerah,lembaga,tanggal,sumber"]
    lines += [
        f",,,Lembaga contoh {n},{dt.date(2019, 1, 1) + dt.timedelta(days=n % 900)},Buku tamu"
        for n in range(ROWS)
    ]

    def bring_in() -> None:
        desk.open(address)
        status, leads = desk.ask("POST", address, file="\n".join(lines).encode())
        assert status == 302, leads[:500]
        status, text = desk.ask("POST", f"{leads}/save")
        assert (status, text) == (302, f"/o/cohorts/{door.cohort_id}/visits"), text[:500]

    found = slowest(servers, door, bring_in)
    with servers.app.app_context():
        count = db.session.scalar(
            db.select(db.func.count()).select_from(Visit)
            .where(Visit.cohort_id == door.cohort_id))
        db.session.remove()
    assert count == ROWS
    return found


def test_a_scan_lands_within_a_second_while_ten_thousand_rows_are_imported(
    servers: Servers,
) -> None:
    lands_in_time(lambda: imported(servers))


def closed(servers: Servers) -> tuple[float, int, float]:
    """Close a convening with ITEMS items from a third process while the doors of another scan."""
    door = a_door(servers.app, guests=20)
    with servers.app.app_context():
        with unit() as session:
            start(session, door.convening_id, actor=ORGANISER, now=utc_now())
            offices = list(session.scalars(
                db.select(Office.id).join(Organisation)
                .where(Office.role_key == "sekda", Organisation.region_code.in_(CODES[:20]))))
            for n in range(ITEMS):
                items.raise_item(
                    session, door.cohort_id, title=f"Tindak lanjut contoh {n}",
                    office_id=offices[n % len(offices)],
                    due_on=utc_now().date() + dt.timedelta(days=60),
                    criterion="Keputusan bernomor diunggah.",
                    convening_id=door.convening_id, actor=ORGANISER, now=utc_now())
        db.session.remove()
    phone = door.phone(servers.url(1))
    for n, code in enumerate(door.codes[:5]):
        assert phone.scan(code, f"came-{door.convening_id}-{n}")["outcome"] == "admitted"
    other = a_door(servers.app, guests=2)  # a door that stays open while the first one closes

    def shut() -> None:
        with servers.app.app_context():
            with unit() as session:
                close(session, door.convening_id, actor=ORGANISER, now=utc_now())
            db.session.remove()

    found = slowest(servers, other, shut)
    with servers.app.app_context():
        closing = db.session.scalars(
            db.select(Closing).where(Closing.convening_id == door.convening_id)).one()
        assert (closing.summary["items"], closing.summary["people"]) == (ITEMS, 5)
        db.session.remove()
    late = phone.scan(door.codes[9], f"late-{door.convening_id}")
    assert (late["outcome"], late["code"]) == ("refused", "closed")
    return found


def test_a_scan_lands_within_a_second_while_a_convening_closes(servers: Servers) -> None:
    lands_in_time(lambda: closed(servers))
