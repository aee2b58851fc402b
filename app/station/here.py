"""Which station this device is, and what each of its pages needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.extensions import db, keys, settings
from cohorts.convenings.tables import Convening
from cohorts.door import stations
from cohorts.door.tables import Station
from cohorts.ground.access import Actor
from cohorts.ground.clock import day_in
from cohorts.ground.links import Link, Links

KEPT = dt.timedelta(days=60)  # longer than any series; a revoked token opens nothing anyway


@dataclass(frozen=True)
class Here:
    """The device's station, and the convening it is at work for."""

    station: Station
    convenings: tuple[Convening, ...]
    convening: Convening
    actor: Actor
    now: dt.datetime

    @property
    def part(self) -> str:
        """Today at the venue, as the acts name it."""
        return day_in(self.now, self.convening.timezone).isoformat()

    def frame(self) -> dict[str, Any]:
        """What every page of the station shows in its bar."""
        return {
            "here": self, "gate": self.station.gate, "convening": self.convening,
            "sample": self.convening.cohort.sample, "zone": self.convening.timezone,
        }


def links() -> Links:
    """The maker of personal links."""
    return Links(keys().link)


def cookie_name() -> str:
    """The device's cookie; with https no subdomain can plant another one."""
    return "__Host-station" if settings().https else "station"


def device() -> Link | None:
    """What this device holds, or None."""
    return links().read(stations.PURPOSE, request.cookies.get(cookie_name(), ""))


def here(now: dt.datetime) -> Here:
    """The station that asks. Raises Refusal door.no_station or door.station_revoked."""
    bound = stations.recognise(db.session(), device())
    convening = stations.at_work(bound.convenings, now)
    g.actor = stations.actor_of(bound.station)
    return Here(bound.station, bound.convenings, convening, g.actor, now)


def remember(response: Response, station: Station) -> Response:
    """Give the device its token."""
    response.set_cookie(
        cookie_name(), links().make(stations.PURPOSE, station.id, station.generation),
        max_age=KEPT, secure=settings().https, httponly=True, samesite="Lax", path="/",
    )
    return response
