"""Accounts: signing in, setting a password through a one-use link, and who may do what.

Hashing is slow on purpose, so it happens outside every transaction: the rules here take a hash
that is already made, and ``recognise`` is given the means to check one. Whether an address is known
is never told: every answer is the same for known and unknown ones.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.accounts_reach import Place, demand_give
from cohorts.directory.events_accounts import (
    AccountAdded,
    PasswordLinkAsked,
    PasswordSet,
    SignedIn,
)
from cohorts.directory.tables import Grant, User
from cohorts.ground import bounds, chronicle, outbox, throttle
from cohorts.ground.access import Actor, Held
from cohorts.ground.links import Link
from cohorts.ground.refusal import Refusal

LEAST = 12
WINDOW = dt.timedelta(minutes=15)
TRIES = 5
"""Wrong passwords for one account within WINDOW; the page says so."""
ALL_TRIES = 300
ASKS = 3
"""Links that one address may ask for within WINDOW."""
LINK_LIFETIME = dt.timedelta(hours=2)
INVITED_LIFETIME = dt.timedelta(days=7)

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


class Hasher(Protocol):
    """Makes and checks password hashes; checking against None takes the same time and fails."""

    def hash(self, password: str) -> str: ...

    def verify(self, stored: str | None, password: str) -> bool: ...


def address(email: str) -> str:
    """The form in which an account's address is kept and compared. Raises Refusal
    directory.account_address when it cannot be one."""
    folded = unicodedata.normalize("NFKC", email).strip().lower()
    if len(folded) > 254 or not _ADDRESS.fullmatch(folded):
        raise Refusal("directory.account_address", field="email")
    return folded


def attempt(session: Session, email: str, now: dt.datetime) -> int | None:
    """Count one try to sign in, by account and globally. None when it may go on, else the seconds
    to wait. Known and unknown addresses count alike. Belongs in a unit of its own."""
    every = throttle.hit(session, "sign-in:all", limit=ALL_TRIES, every=WINDOW, now=now)
    own = throttle.hit(session, _key("sign-in", email), limit=TRIES, every=WINDOW, now=now)
    return own or every


def recognise(session: Session, email: str, password: str, hasher: Hasher) -> User | None:
    """The active account that address and password belong to. Reads only; checks one hash in
    every case, so that the time tells nothing."""
    user = session.scalar(sa.select(User).where(User.email == email.strip().lower()))
    stored = user.password_hash if user is not None and user.active else None
    return user if hasher.verify(stored, password) and user is not None else None


def sign_in(session: Session, user_id: str, now: dt.datetime) -> User:
    """Note that a recognised person signed in, and forget the tries before it."""
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise Refusal("ground.not_found")
    session.execute(
        sa.delete(throttle.Attempt).where(throttle.Attempt.key == _key("sign-in", user.email))
    )
    chronicle.record(session, SignedIn(subject=("user", user.id)), actor_of(user, now), now)
    return user


def actor_of(user: User, now: dt.datetime) -> Actor:
    """Who acts when this person is signed in: every grant that has not ended, and the region."""
    held = tuple(Held(g.role, g.scope, g.scope_id) for g in user.grants if g.holds(now))
    regions = frozenset({user.region_code}) if user.region_code else frozenset[str]()
    return Actor("user", user.id, held=held, regions=regions)


def ask_password_link(session: Session, email: str, now: dt.datetime) -> None:
    """Post a link for setting a new password, if the address belongs to an active account and has
    not asked too often. Says nothing either way."""
    too_many = throttle.hit(
        session, _key("password", email), limit=ASKS, every=WINDOW, now=now
    ) or throttle.hit(session, "password:all", limit=ALL_TRIES, every=WINDOW, now=now)
    user = session.scalar(sa.select(User).where(User.email == email.strip().lower()))
    if user is None or not user.active or too_many:
        return
    post_password_link(session, user, now, LINK_LIFETIME)
    asked = PasswordLinkAsked(subject=("user", user.id))
    chronicle.record(session, asked, actor_of(user, now), now)


def open_password_link(
    session: Session, user: User, now: dt.datetime, lifetime: dt.timedelta
) -> int:
    """Make links to set this account's password valid for a while; earlier ones end. Returns the
    generation that the link carries."""
    user.password_generation += 1
    user.password_link_until = now + lifetime
    session.flush()
    return user.password_generation


def post_password_link(
    session: Session, user: User, now: dt.datetime, lifetime: dt.timedelta
) -> None:
    """Open a link and post it to the account's own address. Facts: generation."""
    open_password_link(session, user, now, lifetime)
    outbox.post(
        session,
        key=f"password:{user.id}:{user.password_generation}",
        kind="password_link",
        subject=("user", user.id),
        address=user.email,
        name=user.name,
        lang=user.lang,
        thread=f"user:{user.id}",
        facts={"generation": user.password_generation},
        now=now,
    )


def user_of_link(session: Session, link: Link | None, now: dt.datetime) -> User:
    """The account a set-password link opens. Raises Refusal ground.link_invalid for an unknown,
    used, replaced or expired one: the reader is not told which."""
    user = session.get(User, link.id) if link is not None else None
    if (
        user is None
        or link is None
        or not user.active
        or link.generation != user.password_generation
        or user.password_link_until is None
        or now >= user.password_link_until
    ):
        raise Refusal("ground.link_invalid")
    return user


def password_fits(password: str, user: User) -> None:
    """Refuse a password that anybody would try first: directory.password_short,
    directory.password_guessable."""
    if len(password) < LEAST:
        raise Refusal("directory.password_short", field="password", least=LEAST)
    plain = password.casefold()
    if plain in (user.email, user.name.casefold()) or len(set(plain)) < 4:
        raise Refusal("directory.password_guessable", field="password")


def set_password(
    session: Session, link: Link | None, password_hash: str, now: dt.datetime
) -> User:
    """Set the password through a link: the link is used up and every open session ends."""
    user = user_of_link(session, link, now)
    user.password_hash = password_hash
    user.password_generation += 1
    user.password_link_until = None
    user.session_generation += 1
    session.flush()
    chronicle.record(session, PasswordSet(subject=("user", user.id)), actor_of(user, now), now)
    return user


def add_account(
    session: Session,
    *,
    email: str,
    name: str,
    actor: Actor,
    now: dt.datetime,
    role: str = "organizer",
    scope: str = "all",
    scope_id: str = "",
    within: str | None = None,
    region_code: str | None = None,
    password_hash: str | None = None,
    lang: str = "id",
    sample: bool = False,
) -> User:
    """Give somebody an account with one grant; ``within`` is the cohort of a convening's scope.
    Raises Refusal ground.not_allowed, ground.needed, ground.too_long and directory.account_address,
    account_known, grant_scope, grant_out_of_reach."""
    demand_give(actor, role, Place(scope, scope_id, within))
    kept = address(email)
    called = bounds.needed(name, most=120, field="name")
    if session.scalar(sa.select(User.id).where(User.email == kept)) is not None:
        raise Refusal("directory.account_known", field="email")
    user = User(
        email=kept,
        name=called,
        lang=lang,
        password_hash=password_hash,
        password_generation=1,
        session_generation=1,
        region_code=region_code,
        active=True,
        sample=sample,
        created_at=now,
    )
    session.add(user)
    session.flush()
    user.grants.append(
        Grant(
            user_id=user.id, role=role, scope=scope, scope_id=scope_id, given_at=now,
            given_by=actor.id,
        )
    )
    session.flush()
    chronicle.record(
        session, AccountAdded(subject=("user", user.id), role=role, scope=scope), actor, now
    )
    return user


def add_organizer(
    session: Session, email: str, name: str, actor: Actor, now: dt.datetime, *,
    sample: bool = False, password_hash: str | None = None,
) -> User:
    """Give somebody the administrator's role everywhere, with a set-password link that is open for
    a week: the first account of a new installation, and ``flask organizer add``."""
    user = add_account(
        session, email=email, name=name, actor=actor, now=now, role="admin", sample=sample,
        password_hash=password_hash,
    )
    open_password_link(session, user, now, INVITED_LIFETIME)
    return user


def _key(what: str, email: str) -> str:
    digest = hashlib.sha256(email.strip().lower().encode("utf-8", "replace")).hexdigest()
    return f"{what}:{digest[:40]}"
