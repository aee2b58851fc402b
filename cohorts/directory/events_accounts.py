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
class AccountInvited(Event):
    """A one-use link to set the first password was posted to the account's address."""

    name: ClassVar[str] = "directory.account_invited"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    """An account was closed; its grants, sessions and link ended."""

    name: ClassVar[str] = "directory.account_closed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccountReopened(Event):
    """A closed account was opened again, without its former password and grants."""

    name: ClassVar[str] = "directory.account_reopened"


@dataclasses.dataclass(frozen=True, kw_only=True)
class GrantGiven(Event):
    """An account got a further role; ``scope`` and ``scope_id`` say where."""

    name: ClassVar[str] = "directory.grant_given"
    role: str
    scope: str
    scope_id: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class GrantRevoked(Event):
    """A role was taken back before its end."""

    name: ClassVar[str] = "directory.grant_revoked"
    role: str
    scope: str
    scope_id: str


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
