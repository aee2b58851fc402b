"""Which seats an invitation holds: the office itself, posts that it sends, companions.

"One Kabid and one operator" are two seats, each with an answer and a hand-over chain of its own.
Seats are only ever added: who was promised a chair keeps it until the invitation is withdrawn.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.convening import where
from cohorts.convenings.events import SeatsAdded
from cohorts.convenings.seat_tables import MOST_SEATS, GuestRuleSeat, SeatPost
from cohorts.convenings.tables import Convening, Invitation, Seat
from cohorts.directory.tables import Role
from cohorts.ground.access import Actor, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal

MOST_POSTS = 4
Lines = list[tuple[str, str | None, int]]
"""Kind, post and number, in the order of the seats."""


@dataclass(frozen=True)
class Chairs:
    """The seats of one invitation. ``posts`` are (role key, number)."""

    itself: bool = True
    posts: tuple[tuple[str, int], ...] = ()
    companions: int = 0

    @property
    def lines(self) -> Lines:
        own: Lines = [("office", None, 1)] if self.itself else []
        sent: Lines = [("office", key, number) for key, number in self.posts]
        beside: Lines = [("companion", None, self.companions)] if self.companions else []
        return own + sent + beside

    @property
    def number(self) -> int:
        """How many seats they are in all."""
        return sum(number for _kind, _post, number in self.lines)


OWN = Chairs()


def checked(session: Session, wanted: Chairs) -> Chairs:
    """The seats as asked for. Raises Refusal convenings.seats_none, seats_many (facts: most),
    role_unknown."""
    posts = tuple((key, number) for key, number in wanted.posts if key and number)
    kept = Chairs(wanted.itself, posts, wanted.companions)
    numbers = [number for _kind, _post, number in kept.lines]
    if len(posts) > MOST_POSTS or any(not 1 <= number <= MOST_SEATS for number in numbers):
        raise Refusal("convenings.seats_many", field="seats", most=MOST_SEATS)
    if not kept.itself and not posts:
        raise Refusal("convenings.seats_none", field="seats")
    keys = [key for key, _number in posts]
    known = set(session.scalars(sa.select(Role.key).where(Role.key.in_(keys)))) if keys else set()
    for key in keys:
        if key not in known or keys.count(key) > 1:
            raise Refusal("convenings.role_unknown", field="seats", role=key[:40])
    return kept


def of_rules(session: Session, convening_id: str) -> dict[str, Chairs]:
    """The seats of the guest rules that give more, or other, than the office's own."""
    rows = session.scalars(
        sa.select(GuestRuleSeat)
        .where(GuestRuleSeat.convening_id == convening_id)
        .order_by(GuestRuleSeat.role_key, GuestRuleSeat.position)
    )
    found: dict[str, list[GuestRuleSeat]] = defaultdict(list)
    for row in rows:
        found[row.role_key].append(row)
    return {
        role: _chairs([(row.kind, row.post_key, row.number) for row in rows_of])
        for role, rows_of in found.items()
    }


def keep(session: Session, convening_id: str, role_key: str, chairs: Chairs) -> None:
    """Write the seats of a guest rule over what stood there. The rule is there already."""
    session.execute(
        sa.delete(GuestRuleSeat).where(
            GuestRuleSeat.convening_id == convening_id, GuestRuleSeat.role_key == role_key
        )
    )
    if chairs == OWN:
        return
    session.add_all(
        GuestRuleSeat(
            convening_id=convening_id,
            role_key=role_key,
            position=position,
            kind=kind,
            post_key=post,
            number=number,
        )
        for position, (kind, post, number) in enumerate(chairs.lines, 1)
    )
    session.flush()


def of_invitations(session: Session, invitation_ids: list[str]) -> dict[str, Chairs]:
    """Which seats these invitations hold."""
    numbers: dict[str, dict[tuple[str, str | None], int]] = defaultdict(dict)
    for seat, post in _seats(session, invitation_ids):
        counted = numbers[seat.invitation_id]
        counted[(seat.kind, post)] = counted.get((seat.kind, post), 0) + 1
    return {
        id_: _chairs([(kind, post, n) for (kind, post), n in counted.items()])
        for id_, counted in numbers.items()
    }


def missing(held: Chairs, wanted: Chairs) -> Lines:
    """What is to be added for ``wanted`` to be held; never less than nothing."""
    there = {(kind, post): number for kind, post, number in held.lines}
    return [
        (kind, post, number - there.get((kind, post), 0))
        for kind, post, number in wanted.lines
        if number > there.get((kind, post), 0)
    ]


def add(session: Session, wanted: Mapping[str, Chairs]) -> int:
    """Give these invitations (id -> seats) what they lack; returns how many seats were added.

    Called with the convening held.
    """
    ids = sorted(wanted)
    held = of_invitations(session, ids)
    last: dict[tuple[str, str], int] = defaultdict(int)
    for seat, _post in _seats(session, ids):
        key = (seat.invitation_id, seat.kind)
        last[key] = max(last[key], seat.position)
    made: list[Seat] = []
    posts: list[SeatPost] = []
    for id_ in ids:
        for kind, post, number in missing(held.get(id_, Chairs(False)), wanted[id_]):
            for _n in range(number):
                last[(id_, kind)] += 1
                seat = Seat(id=new_id(), invitation_id=id_, kind=kind, position=last[(id_, kind)])
                made.append(seat)
                if post is not None:
                    posts.append(SeatPost(seat_id=seat.id, post_key=post))
    session.add_all(made)
    session.flush()
    session.add_all(posts)
    session.flush()
    return len(made)


def more(
    session: Session,
    convening_id: str,
    invitation_id: str,
    post: str | None,
    number: int,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Give one invitation more seats: for a post that the office sends, or (None) for companions.

    Returns how many. Raises Refusal convenings.invitation_withdrawn, not_announced and those of
    ``checked``.
    """
    found = session.get(Invitation, invitation_id)
    if found is None or found.convening_id != convening_id:
        raise Refusal("ground.not_found")
    convening = session.get_one(
        Convening, convening_id, with_for_update={"key_share": True}, populate_existing=True
    )
    demand(actor, "convening.invite", where(convening))
    if found.withdrawn_at is not None:
        raise Refusal("convenings.invitation_withdrawn")
    if convening.state not in ("announced", "in_progress"):
        raise Refusal("convenings.not_announced", state=convening.state)
    held = of_invitations(session, [invitation_id])[invitation_id]
    posts = dict(held.posts)
    if post is not None:
        posts[post] = posts.get(post, 0) + number
    beside = held.companions + (number if post is None else 0)
    wanted = checked(session, Chairs(held.itself, tuple(posts.items()), beside))
    added = add(session, {invitation_id: wanted})
    record(
        session,
        SeatsAdded(
            subject=("invitation", invitation_id),
            cohort_id=convening.cohort_id,
            office=found.office.name,
            seats=added,
        ),
        actor,
        now,
    )
    return added


def _chairs(lines: Lines) -> Chairs:
    return Chairs(
        itself=any(kind == "office" and post is None for kind, post, _number in lines),
        posts=tuple((post, number) for _kind, post, number in lines if post is not None),
        companions=sum(number for kind, _post, number in lines if kind == "companion"),
    )


def _seats(session: Session, invitation_ids: list[str]) -> list[tuple[Seat, str | None]]:
    rows = session.execute(
        sa.select(Seat, SeatPost.post_key)
        .outerjoin(SeatPost, SeatPost.seat_id == Seat.id)
        .where(Seat.invitation_id.in_(invitation_ids))
        .order_by(Seat.invitation_id, Seat.kind.desc(), Seat.position)
    )
    return [(seat, post) for seat, post in rows]
