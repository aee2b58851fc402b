"""What the room of action items writes into the chronicle."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from cohorts.ground.chronicle import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemRaised(Event):
    """An item came into the world: in a meeting, by a template, a pledge, a split, a merge or a
    transfer (``origin``)."""

    name: ClassVar[str] = "actions.item_raised"
    number: int
    origin: str
    region_code: str | None
    office: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemMoved(Event):
    """A step in an item's life: ``kind`` is the step, ``status`` how it stands afterwards,
    ``seq`` the number of the item's event, ``note`` the hash of what was written."""

    name: ClassVar[str] = "actions.item_moved"
    number: int
    seq: int
    kind: str
    status: str
    region_code: str | None
    on_behalf: bool
    drop_reason: str | None = None
    note: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateMade(Event):
    """A template was made: one promise for every member."""

    name: ClassVar[str] = "actions.template_made"
    role_key: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateApplied(Event):
    """A template raised items for the members that had none yet."""

    name: ClassVar[str] = "actions.template_applied"
    items: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimeAsked(Event):
    """An owner asked for a later due date."""

    name: ClassVar[str] = "actions.time_asked"
    number: int
    until_on: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class DropAsked(Event):
    """An owner asked for an item to be dropped."""

    name: ClassVar[str] = "actions.drop_asked"
    number: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class AskAnswered(Event):
    """An organiser granted or declined what an owner had asked for."""

    name: ClassVar[str] = "actions.ask_answered"
    number: int
    kind: str
    granted: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnerLinkRevoked(Event):
    """The links of an office to its items, sent until now, stopped working."""

    name: ClassVar[str] = "actions.owner_link_revoked"
    office: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class AgendaNoted(Event):
    """A person placed, hid or annotated an item on a planned agenda."""

    name: ClassVar[str] = "actions.agenda_noted"
    number: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class MinuteNoted(Event):
    """A discussion or a decision was written into the minutes; ``note`` is its hash."""

    name: ClassVar[str] = "actions.minute_noted"
    kind: str
    note: str
