"""A subscribed calendar's answer, its address, and what stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import make_response, request, url_for
from werkzeug.wrappers import Response

from app import filters
from app import invitation_texts as texts
from app.adapters import feeds, ics
from app.extensions import db, keys, settings
from app.language import language
from cohorts.convenings import sessions
from cohorts.convenings.feeds import Entry
from cohorts.convenings.tables import Convening, Pass
from cohorts.ground.links import Links


def feed_lang() -> str:
    """The language that the address asks for: a subscriber has no cookie, and a cache that is
    shared by readers must not mix them."""
    return "en" if request.args.get("lang") == "en" else "id"


def cohort_address(slug: str) -> str:
    """The full address of a cohort's feed, in the reader's language."""
    return _full("public.cohort_feed", slug=slug, **_asking())


def person_address(pass_: Pass) -> str:
    """The full address of the feed of whoever holds the pass."""
    token = Links(keys().link).make("person_feed", pass_.id, pass_.generation)
    return _full("participant.feed", token=token, **_asking())


def convening_address(convening_id: str) -> str:
    """The full address of one convening's feed."""
    token = Links(keys().link).make("convening_feed", convening_id)
    return _full("participant.feed", token=token, **_asking())


def answer(name: str, entries: Sequence[Entry], *, behind_link: bool) -> Response:
    """The feed with its ETag; 304 to whoever has it already. Purpose, address and programme stand
    in it only ``behind_link``: the cohort's page does not show them to everybody."""
    lang = feed_lang()
    organizer = ics.Organizer(settings().mail_from, settings().organiser_name)
    data = feeds.build(name, [_event(e, lang, behind_link) for e in entries], organizer)
    response = make_response(data)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Content-Disposition"] = 'inline; filename="living-lab.ics"'
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    return response.make_conditional(request)


def _full(endpoint: str, **values: Any) -> str:
    return f"{settings().base_url}{url_for(endpoint, **values)}"


def _asking() -> dict[str, str]:
    return {"lang": "en"} if language() == "en" else {}


def _event(entry: Entry, lang: str, behind_link: bool) -> feeds.FeedEvent:
    c = entry.convening
    assert c.announced_at is not None
    return feeds.FeedEvent(
        ics.CalendarEvent(
            uid=entry.uid,
            sequence=entry.sequence,
            zone=c.timezone,
            start=c.starts_at,
            end=c.ends_at,
            title=texts.convening_title(c, lang),
            place=texts.place(c) if behind_link else c.venue,
            url=_page_of(c),
            description="\n".join(_lines(c, lang, behind_link)),
            created=c.announced_at,
            revised=entry.revised,
        ),
        entry.cancelled,
    )


def _page_of(convening: Convening) -> str:
    """The page that everybody may read; the front page where the cohort has none."""
    if convening.cohort.public:
        return _full("public.cohort", slug=convening.cohort.slug)
    return _full("public.front")


def _lines(convening: Convening, lang: str, behind_link: bool) -> list[str]:
    cohort = convening.cohort
    name = cohort.name_en if lang == "en" else cohort.name_id
    purpose = convening.purpose_en if lang == "en" else convening.purpose_id
    lines = [f"{texts.convening_number(convening, lang)}, {name}"]
    if behind_link:
        if purpose:
            lines.append(purpose)
        for line in sessions.programme(db.session(), convening.id):
            title = line.title_en if lang == "en" else line.title_id
            lines.append(f"{filters.clock(line.starts_at, convening.timezone, lang)} {title}")
    return lines
