"""Who may give or take which role where: nobody gives more than is theirs to give.

Administrators give every role. Organisers of every cohort give every role but the administrator's.
Organisers of one cohort give what holds within it: the cohort, or one of its convenings. A region
is looked at across cohorts, so only those who organise them all assign it.
"""

from __future__ import annotations

from dataclasses import dataclass

from cohorts.directory.tables import Grant
from cohorts.ground.access import Actor, Where, demand, may
from cohorts.ground.refusal import Refusal

FITS: dict[str, tuple[str, ...]] = {
    # role: where it makes sense
    "admin": ("all",),
    "organizer": ("cohort", "all"),
    "minute_taker": ("convening", "cohort", "all"),
    "door_officer": ("convening", "cohort", "all"),
    "mentor": ("region", "cohort", "all"),
    "auditor": ("cohort", "all"),
}


@dataclass(frozen=True)
class Place:
    """Where a role holds. ``id`` is empty for ``all``; ``cohort_id`` is the cohort of a convening,
    which an upper floor knows: without it only those who organise every cohort reach it."""

    scope: str = "all"
    id: str = ""
    cohort_id: str | None = None

    @property
    def within(self) -> str | None:
        """The one cohort that the place lies in, if it does."""
        return self.id if self.scope == "cohort" else self.cohort_id


EVERYWHERE = Place()


def place_of(grant: Grant, cohort_of: dict[str, str]) -> Place:
    """The place of a grant; ``cohort_of`` leads from convenings to their cohorts."""
    return Place(grant.scope, grant.scope_id, cohort_of.get(grant.scope_id))


def may_see(actor: Actor, place: Place) -> bool:
    """Whether the actor may know who holds a role there: those of other cohorts are not shown to
    whoever works in one."""
    return bool(may(actor, "accounts.see", Where(cohort_id=place.within)))


def may_give(actor: Actor, role: str, place: Place) -> bool:
    """Whether the actor may give and take this role there."""
    if actor.link is not None:
        return False
    if any(h.role == "admin" for h in actor.held):
        return True
    if role == "admin":
        return False
    return any(
        h.scope == "all" or (h.scope == "cohort" and h.scope_id == place.within)
        for h in actor.held
        if h.role == "organizer"
    )


def demand_give(actor: Actor, role: str, place: Place) -> None:
    """Raise Refusal ground.not_allowed, directory.grant_scope (the role does not hold in such a
    place) or directory.grant_out_of_reach unless the actor may give the role there."""
    demand(actor, "accounts.manage")
    if place.scope not in FITS.get(role, ()) or (place.scope == "all") != (place.id == ""):
        raise Refusal("directory.grant_scope", field="place")
    if not may_give(actor, role, place):
        raise Refusal("directory.grant_out_of_reach")
