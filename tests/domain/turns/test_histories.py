"""Random histories against an independent model: nothing is lost, doubled or flattered.

Forty histories of a hundred steps in every run, a thousand of five hundred with --long. A history
that fails prints its seed and its last steps; LAB_SEED=<seed> runs that one alone, looking at
every step to its end. The others look at every step for a hundred steps, later at every fourth:
what is lost or doubled stays so and is still seen, and the long run costs a quarter less.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cohorts.actions import agenda, record
from cohorts.actions.standing import Standing, items_at
from cohorts.figures.follow_through import due_among, due_at, tally
from cohorts.turns import past
from tests.domain.turns.history import History

SEED = int(os.environ.get("LAB_SEED", "0"))
CLOSELY = 100  # steps after which not every one is looked at
HISTORIES = int(os.environ.get("LAB_HISTORIES", "0"))  # fewer than usual, for the mutations


TURNS = {"start", "close", "reopen", "cancel", "postpone", "leave", "join", "transfer", "split",
         "merge", "duplicate", "restore"}  # fmt: skip


def check_items(history: History, cohort: str) -> dict[str, Standing]:
    """Every item is there once and stands as the model says."""
    found = {one.id: one for one in items_at(history.session, cohort)}
    things = {thing.id: thing for thing in history.model.of(cohort)}
    assert found.keys() == things.keys(), "an item was lost or doubled"
    for key, thing in things.items():
        one = found[key]
        assert (one.status, one.drop_reason, one.answered_by_id) == (
            thing.status, thing.reason, thing.answered_by
        )  # fmt: skip
        assert (one.original_due, one.first_raised) == (thing.original_due, thing.first_raised)
        assert (one.due_on, one.region_code) == (thing.due_on, thing.region)
    return found


def check(history: History, cohort: str) -> dict[str, Any]:
    """Compare everything that is derived with the model; returns what stood, for the end."""
    session, model, now = history.session, history.model, history.now
    found = check_items(history, cohort)
    times = record.carried(session, cohort)
    assert times == model.carried(cohort)
    unresolved, planned = model.unresolved(cohort), model.planned(cohort)
    lines = agenda.agenda(session, planned[0].id) if planned else agenda.inbox(session, cohort)
    assert Counter(line.item.id for line in lines) == Counter(unresolved), "not at once, or twice"
    if planned:
        assert agenda.inbox(session, cohort) == []
        assert all(agenda.agenda(session, meeting.id) == [] for meeting in planned[1:2])
    dues = due_among(session, list(found.values()), history.day(0))
    expected = model.verdicts(cohort, history.day(0))
    assert {due.item.id: due.status for due in dues} == {k: v[0] for k, v in expected.items()}
    figures = tally(dues, now)
    assert (
        figures.verified + figures.claimed + figures.in_progress + figures.blocked
        + figures.open + figures.dropped_in_all == figures.due == len(expected)
    ), "the classes do not sum to due(T)"  # fmt: skip
    return {
        "at": now,
        "cohort": cohort,
        "items": {key: (one.version, one.status) for key, one in found.items()},
        "carried": times,
        "figures": figures,
    }


def check_frozen(history: History) -> None:
    """The agenda of a begun convening keeps the lines it began with."""
    for meeting in history.model.meetings.values():
        if meeting.state in ("in_progress", "closed"):
            lines = agenda.agenda(history.session, meeting.id)
            kept = sorted(line.item.id for line in lines if not line.new)
            assert kept == meeting.frozen


def check_past(history: History, stood: list[dict[str, Any]]) -> None:
    """Closings keep their bytes and their chain; every earlier moment replays as it stood."""
    session = history.session
    session.expire_all()
    for cohort in history.cohorts:
        checked = past.check_chain(session, cohort)
        assert checked.holds
        chain = record.closings(session, cohort)
        assert checked.closings == len(chain)
        for closing in chain:
            assert closing.data == history.bytes[closing.id], "a closing has changed"
            frozen, replayed = past.read(closing), past.replay(session, cohort, closing.as_of)
            # A convening that was not quorate counts nothing, in its closing as in the replay.
            assert frozen.items == replayed.items
            assert (frozen.members, frozen.rates) == (replayed.members, replayed.rates)
            assert json.loads(closing.data)["revision"] == closing.revision
    assert sum(len(record.closings(session, c)) for c in history.cohorts) == len(history.bytes)
    for before in stood:
        at, cohort = before["at"], before["cohort"]
        found = items_at(session, cohort, at)
        assert {one.id: (one.version, one.status) for one in found} == before["items"]
        assert record.carried(session, cohort, at) == before["carried"]
        assert tally(due_at(session, cohort, at), at) == before["figures"]


def live(session: Session, seed: int, steps: int) -> Counter[str]:
    """Live one history and check it all along; returns how often each step was taken."""
    history = History(session, seed)
    stood = []
    try:
        for number in range(steps):
            touched = history.step()
            turned = history.trace[-1].split()[-1] in TURNS
            both = number % 10 == 0 or history.trace[-1].endswith("transfer")
            if number >= CLOSELY and number % 4 and not both and not SEED:
                continue
            for cohort in history.cohorts:
                if both or (turned and cohort == touched):
                    seen = check(history, cohort)
                    if number % 20 == 0 and both:
                        stood.append(seen)
                elif cohort == touched:
                    check_items(history, cohort)
        check_frozen(history)
        check_past(history, stood)
    except BaseException as error:
        error.add_note(f"LAB_SEED={seed}, step {len(history.trace)}: {history.trace[-12:]}")
        raise
    return Counter(line.split()[-1] for line in history.trace)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Share the histories out, so that every core lives some of them."""
    if "share" in metafunc.fixturenames:
        alone = SEED or HISTORIES
        shares = 1 if alone else 100 if metafunc.config.getoption("--long") else 4
        metafunc.parametrize("share", [slice(n, None, shares) for n in range(shares)],
                             ids=[f"{n + 1}of{shares}" for n in range(shares)])  # fmt: skip


def test_nothing_is_lost_doubled_or_flattered_in_any_history(
    session: Session, database: str, share: slice, count: Callable[[int, int], int], full: bool
) -> None:
    histories, steps = count(40, 1000), count(100, 500)
    if database == "postgresql":  # the same rules: fewer, to see that the statements are the same
        histories //= 20 if full else 4
    seeds = [SEED] if SEED else range(1, (HISTORIES or histories) + 1)[share]
    taken: Counter[str] = Counter()
    for seed in seeds:
        with session.begin_nested() as point:
            taken += live(session, seed, steps)
            point.rollback()
        session.expunge_all()
    if not SEED and not HISTORIES and database == "sqlite":
        assert len(taken) == 22, f"steps never taken: {taken}"
