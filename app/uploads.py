"""A file from a form to the store: looked at, pictures drawn anew, written before the unit."""

from __future__ import annotations

from werkzeug.datastructures import FileStorage

from app.adapters import pictures
from app.extensions import settings
from cohorts.ground import files
from cohorts.ground.files import FileStore, Kept


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
