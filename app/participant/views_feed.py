"""Calendars behind a personal link: what one person comes to, or one convening."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import invitation_texts as texts
from app.extensions import db, keys
from app.feed_answers import answer, feed_lang
from app.filters import utc_now
from app.guard import open_to
from app.participant import bp
from cohorts.convenings import feeds
from cohorts.ground.links import Links


@bp.get("/feed/<token>/living-lab.ics")
@open_to("guest")
def feed(token: str) -> Response:
    """Never kept by a cache in between; a reader who names its ETag is told "nothing new"."""
    links, session = Links(keys().link), db.session()
    person = links.read("person_feed", token)
    convening = links.read("convening_feed", token)
    lang = feed_lang()
    if person is not None:
        entries = feeds.of_person(session, person, utc_now())
        with force_locale(lang):
            return answer(_("Pertemuan saya, Living Lab"), entries, behind_link=True)
    entries = feeds.of_convening(session, convening)
    name = texts.convening_title(entries[0].convening, lang) if entries else "Living Lab"
    return answer(name, entries, behind_link=True)
