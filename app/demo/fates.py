"""What becomes of every action item of the 2022 story: decided once, by a seed of its own.

Pure: keys in, dated moves out. The story's totals are those of the design's screens, so
that a reader meets the same numbers everywhere: closings that carry 74, 192, 292 and 220,
and on 30 June 2023 141 verified and 12 dropped of 348.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.demo.people import draw

Kind = Literal["start", "block", "unblock", "claim", "return", "verify", "drop", "extend"]

WINDOWS: tuple[tuple[date, date], ...] = (
    (date(2022, 11, 2), date(2022, 11, 8)),
    (date(2022, 11, 10), date(2022, 11, 20)),
    (date(2022, 11, 22), date(2023, 3, 13)),
    (date(2023, 3, 15), date(2023, 6, 29)),
)
"""Days between two closings, both included, on which things happen."""

VERIFIED = (11, 29, 78, 23)
DROPPED = (1, 3, 6, 2)
ENDING = {"claimed": 23, "in_progress": 41, "blocked": 12}
"""How the unresolved ones stand on 30 June 2023; the rest has not begun."""

TIERS = (("all", 9), ("half", 15), ("one", 14), ("none", 24))
LEFT_ON = date(2023, 1, 31)

BLOCKERS = (
    ("Menunggu evaluasi rancangan keputusan", "Bagian Hukum"),
    ("Anggaran perubahan belum disahkan", "BPKAD"),
    ("Pusat data provinsi belum siap", "Diskominfo provinsi"),
    ("Kepala bidang baru dilantik", "BKPSDM"),
)
DROP_REASONS = ("not_feasible", "regulation_changed", "no_longer_relevant")
RETURN_NOTES = (
    "Suratnya belum bertanggal. Mohon unggah yang sudah ditandatangani.",
    "Keputusan belum bernomor. Mohon lengkapi nomor dan tanggalnya.",
)


@dataclass(frozen=True)
class Key:
    """An item of the story before it has an id: where it comes from and whose it is.

    `series` is T1, T2, T3 (templates), P1, P2 (promises of the pledge) or M1 to M4 (said in
    that convening); `number` tells those of one meeting apart.
    """

    series: str
    region: str
    number: int = 0


RAISED_IN = {"T1": 0, "M1": 0, "T2": 1, "T3": 1, "M2": 1, "P1": 2, "P2": 2, "M3": 2, "M4": 3}
"""The first window in which an item of a series can move."""

EARLIEST = {
    "T1": 0,
    "M1": 0,
    "T2": 12,
    "M2": 14,
    "T3": 20,
    "P1": 45,
    "M3": 40,
    "P2": 120,
    "M4": 150,
}
"""Days after the first convening when a strong region has it verified."""


@dataclass(frozen=True)
class Move:
    """One step of an item's life, at the story's own time."""

    at: datetime
    key: Key
    kind: Kind
    note: str = ""
    by: str = ""
    until: date | None = None


def tiers(regions: Sequence[str], visitors: Sequence[str]) -> Mapping[str, str]:
    """How far each region gets: 31 of the 52 visitors and 7 of the 10 others finish something."""
    dice = draw("tiers")
    others = sorted(set(regions) - set(visitors))
    found: dict[str, str] = {}
    shares = {"all": (7, 2), "half": (12, 3), "one": (12, 2), "none": (21, 3)}
    for pool, which in ((sorted(visitors), 0), (others, 1)):
        shuffled = dice.sample(pool, len(pool))
        for tier, _count in TIERS:
            take = shares[tier][which]
            found |= dict.fromkeys(shuffled[:take], tier)
            shuffled = shuffled[take:]
    return found


def leaver(found: Mapping[str, str], visitors: Sequence[str]) -> str:
    """The one region that leaves: a visitor that has finished nothing."""
    silent = sorted(code for code in visitors if found[code] == "none")
    return draw("leaver").choice(silent)


def fates(keys: Sequence[Key], found: Mapping[str, str], leaving: str) -> list[Move]:
    """Every move of every item in the order of time."""
    dice = draw("fates")
    moves: list[Move] = []
    free = [key for key in keys if key.region != leaving]
    verified = _verified(free, found, dice)
    dropped = _dropped([k for k in free if k not in verified], keys, leaving, dice)
    for key, window in verified.items():
        moves += _to_verified(key, window, dice)
    for key, window in dropped.items():
        reason = dice.choice(DROP_REASONS)
        moves.append(Move(_moment(window, dice, 0.3, 0.9), key, "drop", note=reason))
    rest = sorted(
        (k for k in free if k not in verified and k not in dropped), key=lambda k: repr(k)
    )
    dice.shuffle(rest)
    moves += _unfinished(rest, dice)
    moves += _extended(rest, moves, dice)
    moves = _in_order(moves)
    return sorted(moves, key=lambda m: (m.at, m.key.series, m.key.region, m.key.number))


def _in_order(moves: Sequence[Move]) -> list[Move]:
    """The steps of one item never overtake each other, whatever day chance gave them."""
    latest: dict[Key, datetime] = {}
    ordered = []
    for move in moves:
        before = latest.get(move.key)
        if before is not None and move.kind != "extend" and move.at <= before:
            move = replace(move, at=before + timedelta(hours=3))
        if move.kind != "extend":
            latest[move.key] = move.at
        ordered.append(move)
    return ordered


def _verified(free: Sequence[Key], found: Mapping[str, str], dice: random.Random) -> dict[Key, int]:
    """Which items are verified, and in which window."""
    chosen: list[Key] = []
    for region, tier in sorted(found.items()):
        own = [key for key in free if key.region == region]
        if tier == "all":
            chosen += own
        elif tier == "half":
            main = [k for k in own if k.series[0] in "TP"]
            chosen += dice.sample(main, min(3, len(main)))
        elif tier == "one":
            early = [k for k in own if k.series in ("T1", "T2")]
            chosen += early[:1]
    spare = [k for k in free if k not in chosen and found[k.region] in ("half", "one")]
    spare.sort(key=lambda k: (EARLIEST[k.series], dice.random()))
    total = sum(VERIFIED)
    chosen += spare[: max(0, total - len(chosen))]
    extra = [k for k in chosen if found[k.region] == "half"]
    while len(chosen) > total:
        chosen.remove(extra.pop())
    chosen.sort(key=lambda k: (EARLIEST[k.series] + dice.random() * 30, k.region))
    windows: dict[Key, int] = {}
    waiting = list(chosen)
    for window, count in enumerate(VERIFIED):
        ready = [k for k in waiting if RAISED_IN[k.series] <= window][:count]
        windows |= dict.fromkeys(ready, window)
        waiting = [k for k in waiting if k not in windows]
    return windows


def _dropped(
    free: Sequence[Key], keys: Sequence[Key], leaving: str, dice: random.Random
) -> dict[Key, int]:
    """Which items are dropped with a reason; those of the region that leaves fall by themselves."""
    falls = sum(1 for key in keys if key.region == leaving and RAISED_IN[key.series] <= 2)
    windows: dict[Key, int] = {}
    for window, count in enumerate(DROPPED):
        own = count - (falls if window == 2 else 0)
        pool = [
            k
            for k in free
            if k not in windows and k.series[0] == "M" and RAISED_IN[k.series] <= window
        ]
        windows |= dict.fromkeys(dice.sample(pool, min(max(0, own), len(pool))), window)
    return windows


def _to_verified(key: Key, window: int, dice: random.Random) -> list[Move]:
    """Begun, claimed, perhaps returned once, verified by somebody else."""
    first = RAISED_IN[key.series]
    verify = _moment(window, dice, 0.55, 1.0)
    claim = _moment(window, dice, 0.2, 0.5)
    waited = window > first and dice.random() < 0.4
    if waited:  # claimed before the last closing, looked at only after it
        claim = _moment(window - 1, dice, 0.7, 1.0)
        verify = _moment(window, dice, 0.05, 0.6)
    moves = []
    if window > first or dice.random() < 0.4:
        start = _moment(first, dice, 0.0, 0.15) if window > first else _moment(window, dice, 0, 0.1)
        moves.append(Move(start, key, "start"))
    if window >= 2 and not waited and dice.random() < 0.1:
        early = _moment(window, dice, 0.2, 0.28)
        back = _moment(window, dice, 0.3, 0.38)
        moves += [
            Move(early, key, "claim"),
            Move(back, key, "return", note=dice.choice(RETURN_NOTES)),
        ]
        claim = _moment(window, dice, 0.42, 0.5)
    return [*moves, Move(claim, key, "claim"), Move(verify, key, "verify")]


def _unfinished(rest: Sequence[Key], dice: random.Random) -> list[Move]:
    """How the unresolved ones come to stand as they do at the end."""
    moves: list[Move] = []
    early = [k for k in rest if RAISED_IN[k.series] < 3]
    claimed = early[: ENDING["claimed"]]
    blocked = early[ENDING["claimed"] :][: ENDING["blocked"]]
    running = [k for k in rest if k not in claimed and k not in blocked][: ENDING["in_progress"]]
    for key in claimed:
        start = _moment(max(RAISED_IN[key.series], 1), dice, 0.1, 0.6)
        moves += [
            Move(start, key, "start"),
            Move(_moment(3, dice, 0.6, 1.0), key, "claim"),
        ]
    for key in blocked:
        note, by = dice.choice(BLOCKERS)
        start = _moment(RAISED_IN[key.series], dice, 0.1, 0.4)
        window = dice.choice((max(1, RAISED_IN[key.series]), 2, 3))
        moves += [
            Move(start, key, "start"),
            Move(
                _moment(max(window, RAISED_IN[key.series]), dice, 0.5, 0.9), key, "block", note, by
            ),
        ]
    for key in running:
        window = dice.choice((RAISED_IN[key.series], max(RAISED_IN[key.series], 2)))
        moves.append(Move(_moment(window, dice, 0.2, 0.95), key, "start"))
    return moves


def _extended(rest: Sequence[Key], known: Sequence[Move], dice: random.Random) -> list[Move]:
    """Some slip: six are extended once, three of them twice. The original date still counts."""
    claimed = {move.key for move in known if move.kind == "claim"}
    late = [k for k in rest if k.series == "T1" and k not in claimed][:6]
    moves = []
    for number, key in enumerate(late):
        note = "Diminta Sekda: rancangan baru diterima Bagian Hukum."
        moves.append(
            Move(_moment(1, dice, 0.2, 0.5), key, "extend", note, until=date(2022, 11, 29))
        )
        if number < 3:
            note = "Perpanjangan kedua: menunggu pelantikan pejabat."
            moves.append(
                Move(_moment(2, dice, 0.05, 0.06), key, "extend", note, until=date(2023, 1, 31))
            )
    return moves


def _moment(window: int, dice: random.Random, low: float, high: float) -> datetime:
    """A working hour in a part of a window (0 its first day, 1 its last), Jakarta time."""
    first, last = WINDOWS[window]
    span = (last - first).days
    day = first + timedelta(days=round(span * (low + (high - low) * dice.random())))
    while day.weekday() >= 5 and day > first:
        day -= timedelta(days=1)
    hour = time(8 + int(dice.random() * 7), int(dice.random() * 60))
    return datetime.combine(day, hour, ZoneInfo("Asia/Jakarta")).astimezone(UTC)
