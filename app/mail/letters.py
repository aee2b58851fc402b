"""What each kind of message says: a function per kind, from ids and frozen facts to a Letter."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.mail.compose import Letter
from cohorts.ground.outbox import Message

Reader = Callable[[Session, Message], Letter]

KINDS: dict[str, Reader] = {}
