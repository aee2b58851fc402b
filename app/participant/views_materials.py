"""What is handed out at a convening, for whoever holds an invitation to it or comes instead."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app import materials
from app.extensions import db
from app.guard import open_to
from app.participant import bp
from app.participant.opening import open_link
from cohorts.ground.refusal import Refusal


@bp.get("/<token>/materials/<material_id>")
@open_to("guest")
def material(token: str, material_id: str) -> Response:
    """A file of one of the sessions of the guest's own convening."""
    opened = open_link(token)
    if opened.step is not None and opened.step.revoked_at is not None:
        raise Refusal("ground.link_invalid")
    return materials.download(db.session(), opened.convening.id, material_id)
