"""The plan of the story: pure, the same everywhere, and its totals are those of the screens."""

from __future__ import annotations

from collections import Counter

from app.demo import cast, facts, fates, follow_up
from app.demo.people import FAMILY, person
from cohorts import data

CODES = [
    row["code"]
    for row in data.rows("regions.csv")
    if row["autonomous"] == "1" and row["type"] != "Provinsi"
]
WHO = cast.draw_regions(CODES)
TIERS = fates.tiers(WHO.members, WHO.visitors)
LEAVING = fates.leaver(TIERS, WHO.visitors)
KEYS = follow_up.all_keys(WHO.members, [c for c in WHO.members if c != LEAVING])
MOVES = fates.fates(KEYS, TIERS, LEAVING)


def _window(move: fates.Move) -> int:
    day = move.at.date()
    return next(i for i, (_first, last) in enumerate(fates.WINDOWS) if day <= last or i == 3)


def test_62_regions_are_drawn_once_and_for_all() -> None:
    assert len(CODES) == 508
    assert len(set(WHO.members)) == 62
    assert (len(WHO.visitors), len(WHO.high_performers)) == (52, 10)
    assert facts.REFERENCE_CODE not in WHO.members
    assert not set(WHO.guests) & set(WHO.members)
    assert cast.draw_regions(list(reversed(CODES))) == WHO


def test_every_sample_person_is_called_contoh_and_stays_the_same() -> None:
    people = [person(code, role) for code in WHO.members for role in ("bupati", "sekda", "kabid")]
    assert all(one.name.endswith(f" {FAMILY}") for one in people)
    assert person("14.08", "bupati") == person("14.08", "bupati")
    assert person("14.08", "operator", 0) != person("14.08", "operator", 1)


def test_the_totals_are_those_of_the_screens() -> None:
    assert len(KEYS) == 348
    verified = Counter(_window(m) for m in MOVES if m.kind == "verify")
    assert [verified[i] for i in range(4)] == list(fates.VERIFIED)
    assert sum(verified.values()) == 141
    falls = sum(1 for k in KEYS if k.region == LEAVING)
    assert sum(1 for m in MOVES if m.kind == "drop") + falls == 12
    some = {m.key.region for m in MOVES if m.kind == "verify"}
    assert len(some & set(WHO.visitors)) == 31
    assert len(some & set(WHO.high_performers)) == 7


def test_no_step_of_an_item_comes_before_its_time() -> None:
    allowed = {
        "start": {"open": "in_progress"},
        "block": {"open": "blocked", "in_progress": "blocked"},
        "claim": {"open": "claimed", "in_progress": "claimed", "blocked": "claimed"},
        "return": {"claimed": "in_progress"},
        "verify": {"claimed": "verified"},
        "drop": dict.fromkeys(("open", "in_progress", "blocked"), "dropped"),
        "extend": {s: s for s in ("open", "in_progress", "blocked")},
    }
    state: dict[fates.Key, str] = {}
    for move in MOVES:
        before = state.get(move.key, "open")
        assert before in allowed[move.kind], move
        state[move.key] = allowed[move.kind][before]
        assert _window(move) >= fates.RAISED_IN[move.key.series]
    ends = Counter(state.get(key, "open") for key in KEYS)
    assert {k: ends[k] for k in fates.ENDING} == fates.ENDING


def test_some_slip_twice_and_one_region_leaves_with_nothing_done() -> None:
    extended = Counter(m.key for m in MOVES if m.kind == "extend")
    assert sorted(extended.values()) == [1, 1, 1, 2, 2, 2]
    assert not [m for m in MOVES if m.key.region == LEAVING]
    assert TIERS[LEAVING] == "none"


def test_the_same_plan_every_time() -> None:
    assert fates.fates(KEYS, TIERS, LEAVING) == MOVES
