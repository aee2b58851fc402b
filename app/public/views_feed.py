"""A cohort's convenings as a calendar that anybody may subscribe to."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.extensions import db
from app.feed_answers import answer, feed_lang
from app.guard import open_to
from app.public import bp, days
from cohorts.convenings import feeds


@bp.get("/c/<slug>/calendar.ics")
@open_to("public")
def cohort_feed(slug: str) -> Response:
    """Announced convenings only, and of them only what the cohort's page shows everybody."""
    session = db.session()
    found = days.public_cohort(session, slug)
    name = found.name_en if feed_lang() == "en" else found.name_id
    response = answer(name, feeds.of_cohort(session, found.id), behind_link=False)
    response.headers["Cache-Control"] = "public, max-age=900"
    return response
