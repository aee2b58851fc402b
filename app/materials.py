"""What is handed out at a convening, as a download: for organisers and for guests."""

from __future__ import annotations

from flask import Response
from sqlalchemy.orm import Session

from app.uploads import handed_out
from cohorts.convenings import programming

EXTENSIONS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


def download(session: Session, convening_id: str, material_id: str) -> Response:
    """A material's file under its title. Raises Refusal ground.not_found."""
    found = programming.material(session, convening_id, material_id)
    extension = EXTENSIONS.get(found.file.media_type, "") if found.file is not None else ""
    return handed_out(session, found.sha256, found.title + extension)
