"""Who may do what: one pure function over the actor, an action and where it happens.

Accounts hold grants (a role within a scope). Whoever comes by a personal link holds exactly what
the link is for; the rule of the room checks that the thing is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cohorts.ground.refusal import Refusal

ROLES = ("admin", "organizer", "minute_taker", "door_officer", "mentor", "auditor")
SCOPES = ("all", "cohort", "convening", "region")

ACTIONS: dict[str, frozenset[str]] = {
    # action: the roles that may. `admin` may everything; link holders are named as `link:<kind>`.
    "home.see": frozenset({"organizer", "minute_taker", "door_officer", "mentor", "auditor"}),
    "directory.see": frozenset({"organizer", "auditor", "minute_taker"}),
    "directory.edit": frozenset({"organizer"}),
    "accounts.see": frozenset({"organizer", "auditor"}),
    "accounts.manage": frozenset({"organizer"}),  # what exactly: directory/accounts_reach.py
    "cohort.see": frozenset({"organizer", "minute_taker", "auditor", "mentor"}),
    "cohort.create": frozenset({"organizer"}),
    "cohort.edit": frozenset({"organizer"}),
    "convening.see": frozenset({"organizer", "minute_taker", "door_officer", "auditor", "mentor"}),
    "convening.edit": frozenset({"organizer"}),
    "convening.invite": frozenset({"organizer"}),
    "convening.turn": frozenset({"organizer"}),  # start, close, re-open, cancel
    "reply.on_behalf": frozenset({"organizer"}),
    "door.admit": frozenset({"organizer", "door_officer", "link:station"}),
    "door.enrol": frozenset({"organizer"}),
    "item.see": frozenset({"organizer", "minute_taker", "auditor", "mentor"}),
    "item.raise": frozenset({"organizer", "minute_taker"}),
    "item.report": frozenset({"organizer", "link:owner"}),
    "item.unblock": frozenset({"organizer", "mentor", "link:owner"}),
    "item.verify": frozenset({"organizer", "mentor"}),
    "item.manage": frozenset({"organizer"}),  # drop, split, merge, due date, owner, template
    "pledge.see": frozenset({"organizer", "auditor", "minute_taker"}),
    "pledge.edit": frozenset({"organizer"}),
    "pledge.sign": frozenset({"link:signer"}),
    "mail.see": frozenset({"organizer"}),
    "mail.send_again": frozenset({"organizer"}),
}


@dataclass(frozen=True)
class Held:
    """A role within a scope. ``scope_id`` is empty for ``all``."""

    role: str
    scope: str = "all"
    scope_id: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts. ``kind``: user, link, station, worker, command or public.

    ``link`` names what a link holder's link is for (guest, owner, signer, station). ``regions``
    are the regions the actor belongs to and therefore never verifies for.
    """

    kind: str
    id: str
    link: str | None = None
    office_id: str | None = None
    held: tuple[Held, ...] = ()
    regions: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_organizer(self) -> bool:
        """Holds the organiser's or administrator's role in any scope."""
        return any(h.role in ("admin", "organizer") for h in self.held)


COMMAND = Actor("command", "command", held=(Held("admin"),))
WORKER = Actor("worker", "worker", held=(Held("admin"),))
PUBLIC = Actor("public", "public")


@dataclass(frozen=True)
class Where:
    """Where an action happens; what is unknown or does not matter stays None."""

    cohort_id: str | None = None
    convening_id: str | None = None
    region_code: str | None = None


ANYWHERE = Where()


@dataclass(frozen=True)
class Verdict:
    """``allowed``, or not with a ``reason``: no_role, out_of_scope, own_region."""

    allowed: bool
    reason: str | None = None

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


def may(actor: Actor, action: str, where: Where = ANYWHERE) -> Verdict:
    """Whether the actor may do the action there. Unknown actions raise KeyError."""
    roles = ACTIONS[action]
    if actor.link is not None:
        return YES if f"link:{actor.link}" in roles else Verdict(False, "no_role")
    fitting = [h for h in actor.held if h.role == "admin" or h.role in roles]
    if not fitting:
        return Verdict(False, "no_role")
    if not any(_covers(h, where) for h in fitting):
        return Verdict(False, "out_of_scope")
    if action == "item.verify" and where.region_code in actor.regions:
        return Verdict(False, "own_region")
    return YES


def demand(actor: Actor, action: str, where: Where = ANYWHERE) -> None:
    """Raise Refusal ground.not_allowed (facts: reason) unless the actor may do the action there."""
    verdict = may(actor, action, where)
    if not verdict:
        raise Refusal("ground.not_allowed", reason=verdict.reason)


def _covers(held: Held, where: Where) -> bool:
    if held.scope == "all":
        return True
    asked = {
        "cohort": where.cohort_id,
        "convening": where.convening_id,
        "region": where.region_code,
    }[held.scope]
    # A page that is not about one cohort, convening or region is open to whoever holds the role.
    return asked is None or asked == held.scope_id
