"""A file from a form to the store and back: looked at, pictures drawn anew, written before the
unit; handed out under a name."""

from __future__ import annotations

import io

from flask import Response, send_file
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.adapters import pictures
from app.extensions import settings
from cohorts.ground import files
from cohorts.ground.files import FileStore, Kept, StoredFile
from cohorts.ground.refusal import Refusal


def kept(given: FileStorage | None, *, limit: int) -> Kept | None:
    """Write an uploaded PDF, PNG or JPEG to disk; None when nothing was chosen.

    Its type is judged by its content. Pictures lose what they tell of the phone and the place.
    ``limit``: bytes. Outside any unit. Raises Refusal ground.file_type or ground.file_size.
    """
    if given is None or not given.filename:
        return None
    data = given.stream.read(limit + 1)
    if not data:
        return None
    media_type = files.accept(data, limit=limit)
    if media_type in pictures.FORMATS:
        data = pictures.redrawn(data, media_type)
    return FileStore(settings().files_dir).put(data, media_type)


def handed_out(session: Session, sha256: str | None, name: str) -> Response:
    """A stored file under a name: a picture to look at, a PDF only to save. Raises Refusal
    ground.not_found."""
    stored = session.get(StoredFile, sha256) if sha256 else None
    if stored is None:
        raise Refusal("ground.not_found")
    try:
        data = FileStore(settings().files_dir).get(stored.sha256)
    except FileNotFoundError as lost:
        raise Refusal("ground.not_found") from lost
    return send_file(
        io.BytesIO(data), mimetype=stored.media_type, download_name=name, max_age=0,
        as_attachment=stored.media_type not in pictures.FORMATS)
