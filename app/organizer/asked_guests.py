"""What the page of inviting is asked for: posts of every member, single offices, and their seats.

All of it stands in the address, so that a look at what would happen changes nothing and can be
passed on; the form that sends carries the same names and values.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from cohorts.convenings.chairs import Chairs
from cohorts.convenings.guest_lines import MOST_OFFICES

MOST = 6
POSTS = 2  # posts that a line of the form can ask an office to send
LINE = ("role", "own", "companions", "post1", "number1", "post2", "number2")


@dataclass(frozen=True)
class Asked:
    """Role keys and office ids, each once, and the seats of those that were asked for more."""

    roles: list[str]
    offices: list[str]
    seats: dict[str, Chairs] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.roles or self.offices)

    def chairs(self, key: str) -> Chairs:
        """The seats of a role or an office."""
        return self.seats.get(key, Chairs())

    def pairs(self) -> list[tuple[str, str]]:
        """The names and values that say the same."""
        found: list[tuple[str, str]] = []
        for role in self.roles:
            found += [("role", role), *_pairs(self.chairs(role))]
        for office in self.offices:
            found += [("office", office)]
            if self.chairs(office).companions:
                found += [(f"with-{office}", str(self.chairs(office).companions))]
        return found

    def address(self) -> dict[str, list[str]]:
        """The same for ``url_for``."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, value in self.pairs():
            found[name].append(value)
        return dict(found)


def asked(given: MultiDict[str, str]) -> Asked:
    """Read the names of a form or an address; what is no number is none."""
    columns = {name: given.getlist(name) for name in LINE}
    roles: list[str] = []
    seats: dict[str, Chairs] = {}
    for index, role in enumerate(columns["role"]):
        if not role or role in roles or len(roles) == MOST:
            continue
        roles.append(role)
        line = {n: (v[index] if index < len(v) else "") for n, v in columns.items()}
        if any(len(v) > index for n, v in columns.items() if n != "role"):
            seats[role] = Chairs(
                itself=line["own"] != "0",
                posts=tuple(
                    (line[f"post{n}"], _number(line[f"number{n}"]) or 1)
                    for n in range(1, POSTS + 1)
                    if line[f"post{n}"]
                ),
                companions=_number(line["companions"]),
            )
    offices = list(dict.fromkeys(o for o in given.getlist("office") if o))[: MOST_OFFICES + 1]
    for office in offices:
        if f"with-{office}" in given:
            seats[office] = Chairs(companions=_number(given.get(f"with-{office}", "")))
    return Asked(roles, offices, seats)


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 4 else 0


def _pairs(chairs: Chairs) -> list[tuple[str, str]]:
    found = [("own", "1" if chairs.itself else "0"), ("companions", str(chairs.companions))]
    for n in range(POSTS):
        post, number = chairs.posts[n] if n < len(chairs.posts) else ("", 0)
        found += [(f"post{n + 1}", post), (f"number{n + 1}", str(number or ""))]
    return found
