"""The signed-in person, as the rest of the web face sees them."""

from __future__ import annotations

from typing import Any

from flask_login import UserMixin
from sqlalchemy.orm import Session

from app.extensions import db, login, settings
from app.filters import utc_now
from cohorts.directory.accounts import actor_of
from cohorts.directory.tables import User
from cohorts.ground.access import Actor


class SignedIn(UserMixin):  # type: ignore[misc]
    """What pages and guard need of an account, read once per request."""

    def __init__(self, user: User) -> None:
        self.id = user.id
        self.name = user.name
        self.email = user.email
        self.generation = user.session_generation
        self.actor: Actor = actor_of(user, utc_now())

    def get_id(self) -> str:
        """Return what the cookie holds: raising the generation ends every session."""
        return f"{self.id}.{self.generation}"


def load(identity: str) -> SignedIn | None:
    """Return the person behind a cookie, or None when the account or the session has ended."""
    ident, _, generation = identity.partition(".")
    session: Session = db.session()
    user = session.get(User, ident)
    if user is None or not user.active or str(user.session_generation) != generation:
        return None
    if user.sample and not settings().demo_allowed:
        return None
    return SignedIn(user)


def register(_state: Any) -> None:
    """Tell Flask-Login how to read its cookie."""
    login.user_loader(load)
