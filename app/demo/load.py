"""`flask demo`: tell the three stories, say how far it is, and how to sign in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.auth.passwords import argon2_hasher
from app.demo import cast, facts
from app.demo.post_office import PostOffice
from app.demo.stage import Stage
from app.demo.tell_2022 import Story2022
from app.demo.tell_live import StoryLive, shift_for, tell_empty
from app.extensions import db, settings


def load(say: Callable[[str], None], now: datetime) -> str:
    """Load what is not there yet; returns how to go on. `now` is the day the live story is
    told relative to."""
    directory = Stage("directory", say)
    directory.step(
        "regions and accounts",
        cast.BEGUN,
        lambda session: cast.regions_and_accounts(session, argon2_hasher.hash(facts.PASSWORD)),
    )
    everybody = db.session()
    who = cast.drawn(everybody)
    everybody.rollback()
    directory.step(
        "offices and sample people",
        cast.BEGUN,
        lambda session: cast.offices_and_people(
            session, sorted((*who.members, *who.guests, facts.REFERENCE_CODE))
        ),
    )
    post = PostOffice()
    Story2022(Stage("2022", say), post, who).tell()
    shift = shift_for(db.session(), now)
    live = StoryLive(Stage("live", say), post, who, shift, now)
    live.tell()
    tell_empty(Stage("empty", say), live, now)
    return farewell()


def farewell() -> str:
    """Where to look and how to sign in."""
    lines = [
        f"Organiser: {facts.ORGANISER[0]}  password: {facts.PASSWORD}",
        f"Mentor: {facts.MENTOR[0]}, door: {facts.DOOR[0]} (same password)",
        f"Sign in at {settings().base_url}/auth/sign-in",
    ]
    return "\n".join(lines)
