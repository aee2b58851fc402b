"""What happens to accounts. Gathered with the room's other events."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from cohorts.ground.chronicle import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccountAdded(Event):
    """Somebody was given an account; ``role`` is what it may, ``scope`` where."""

    name: ClassVar[str] = "directory.account_added"
    role: str
    scope: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """A person signed in with a password."""

    name: ClassVar[str] = "directory.signed_in"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PasswordLinkAsked(Event):
    """A link for setting a password was posted to the account's own address."""

    name: ClassVar[str] = "directory.password_link_asked"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PasswordSet(Event):
    """A password was set through a one-use link; all open sessions of the account ended."""

    name: ClassVar[str] = "directory.password_set"
