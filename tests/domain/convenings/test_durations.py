"""The durations of a programme add up to the convening's hours, whatever is written in it."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from cohorts.convenings import durations
from cohorts.convenings.sessions import Entry, Speaker
from cohorts.convenings.tables import SESSION_KINDS, Convening
from tests.build.convenings import HOUR, START

QUARTER = dt.timedelta(minutes=15)


def a_convening(hours: int = 7, days: int = 0) -> Convening:
    """From 09.00 WITA, for some hours, ending so many days later."""
    ends = START + hours * HOUR + dt.timedelta(days=days)
    return Convening(starts_at=START, ends_at=ends, timezone="Asia/Makassar")


def a_session(
    quarter: int, minutes: int, kind: str = "plenary", room: str = "", *names: str
) -> Entry:
    """So many quarters of an hour after the beginning."""
    title = f"{kind} {quarter}"
    speakers = tuple(Speaker(n, "speaker", n, n) for n in names)
    at = START + quarter * QUARTER
    return Entry(f"{quarter}", 1, at, minutes, title, title, kind, room, speakers)


SESSIONS = st.lists(
    st.builds(
        a_session,
        st.integers(-40, 300),
        st.integers(1, 600),
        st.sampled_from(SESSION_KINDS),
        st.sampled_from(("", "A", "B")),
    ),
    max_size=8,
).map(lambda found: sorted(found, key=lambda e: e.starts_at))


@given(SESSIONS, st.integers(1, 14), st.integers(0, 2))
def test_every_minute_of_the_hours_counts_once(
    entries: list[Entry], hours: int, days: int
) -> None:
    found = durations.days(a_convening(hours, days), entries)
    for day in found:
        assert day.plenary + day.parallel + day.breaks + day.free == day.minutes
        assert min(day.plenary, day.parallel, day.breaks, day.free, day.outside) >= 0
        gaps = sum(p.free_before for p in day.placed) + day.free_after
        assert gaps >= day.free if day.placed else day.free == day.minutes
    assert [p.entry for day in found for p in day.placed] == entries
    if days == 0:
        (only,) = [day for day in found if day.begins == START and day.minutes]
        assert only.minutes == hours * 60
        inside = [p for p in only.placed if not p.outside]
        alone = not any(p.overlaps for p in only.placed) and len(inside) == len(only.placed)
        if alone and not any(p.entry.kind == "parallel" for p in inside):
            assert only.free == only.minutes - sum(p.entry.minutes for p in inside)


def test_a_full_day_fits_and_says_what_does_not() -> None:
    full = [a_session(0, 60), a_session(4, 30, "break"), a_session(6, 330)]
    (day,) = durations.days(a_convening(), full)
    assert (day.plenary, day.breaks, day.free, day.outside, day.fits) == (390, 30, 0, 0, True)
    (day,) = durations.days(a_convening(), [a_session(0, 60), a_session(6, 400)])
    assert [p.free_before for p in day.placed] == [0, 30]
    assert (day.outside, day.placed[1].outside, day.fits) == (70, True, False)


def test_only_parallel_sessions_in_other_rooms_share_their_time() -> None:
    side = [a_session(0, 60, "parallel", "A", "Siti"), a_session(2, 60, "parallel", "B", "SITI")]
    (day,) = durations.days(a_convening(), side)
    assert (day.placed[1].overlaps, day.placed[1].double) == ((), ("Siti",))
    assert day.parallel == 90
    for second in (a_session(2, 60, "parallel", "a"), a_session(2, 60)):
        (day,) = durations.days(a_convening(), [side[0], second])
        assert day.placed[1].overlaps == (side[0],)


def test_of_several_days_the_ends_alone_are_the_convening_s() -> None:
    found = durations.days(a_convening(7, 2), [a_session(4, 60), a_session(100, 120)])
    assert [day.minutes for day in found] == [120, 120, 0]
    assert [day.free for day in found] == [60, 0, 0]
