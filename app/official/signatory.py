"""Who opened the link, what pages say of them, and the throttle of their codes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.extensions import db, keys
from app.filters import utc_now
from app.language import language
from app.unit import unit
from cohorts.directory.offices import office_name, region_name
from cohorts.ground import throttle
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal
from cohorts.pledges.offers import current_for
from cohorts.pledges.signatories import Signatory, behind
from cohorts.pledges.tables import Pledge

QUARTER = dt.timedelta(minutes=15)
CODES_EACH = 6  # codes that one commitment may ask for in a quarter of an hour
TRIES_EACH = 20
CODES_IN_ALL = 600


def who(token: str, session: Session | None = None) -> Signatory:
    """The signatory behind a token. Raises Refusal ground.link_invalid."""
    link = Links(keys().link).read("signing", token)
    return behind(session if session is not None else db.session(), link, now=utc_now())


def token_of(pledge: Pledge) -> str:
    """The token of a pledge's present link."""
    return Links(keys().link).make("signing", pledge.id, pledge.generation)


def newer(signatory: Signatory) -> Pledge | None:
    """The version in force for the same office, when this one no longer is."""
    found = current_for(db.session(), signatory.pledge)
    return found if found is not None and found.id != signatory.pledge.id else None


def slow_down(key: str, limit: int, everybody: int | None = None) -> None:
    """Count an attempt. Raises Refusal ground.too_many (facts: retry_after)."""
    now = utc_now()
    with unit() as session:
        wait = throttle.hit(session, key, limit=limit, every=QUARTER, now=now)
        if wait is None and everybody is not None:
            wait = throttle.hit(
                session, key.split(":")[0], limit=everybody, every=QUARTER, now=now)
    if wait is not None:
        raise Refusal("ground.too_many", retry_after=wait)


def masked(address: str) -> str:
    """An address as it may be shown to whoever holds the link: "b•••••@siak.go.id"."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••••@{domain}"


def about(pledge: Pledge) -> dict[str, Any]:
    """What every page about a commitment prints of it."""
    convening, lang = pledge.text.convening, language()
    return {
        "text": pledge.text,
        "office": office_name(pledge.office, lang),
        "region": region_name(pledge.region, lang),
        "zone": convening.timezone,
        "own_zone": pledge.region.timezone,
        "sample": convening.cohort.sample,
    }


def common(token: str, signatory: Signatory) -> dict[str, Any]:
    """What every page of this room prints."""
    pledge = signatory.pledge
    return {"token": token, "signatory": signatory, "pledge": pledge, **about(pledge)}
