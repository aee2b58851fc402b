"""Evidence from a form to the rules, and from the store to whoever may see it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.uploads import handed_out, kept
from cohorts.actions.proof import FILE_LIMIT, Proof
from cohorts.actions.tables import Evidence, Item, ItemEvent
from cohorts.ground.refusal import Refusal

NAME = 120  # characters of a file's name that are kept


def proofs(uploads: Iterable[FileStorage], link: str = "", decree: str = "") -> list[Proof]:
    """Check and store what was given; call it before the unit. All files together take FILE_LIMIT
    bytes. Raises Refusal ground.file_type or ground.file_size (field: evidence)."""
    found: list[Proof] = []
    left = FILE_LIMIT
    for upload in uploads:
        try:
            written = kept(upload, limit=left)
        except Refusal as refusal:
            raise Refusal(refusal.code, field="evidence", limit=FILE_LIMIT) from refusal
        if written is not None:
            left -= written.size
            name = str(upload.filename).replace("\\", "/").rsplit("/", 1)[-1][-NAME:]
            found.append(Proof("file", name, written))
    if link:
        found.append(Proof("link", link))
    if decree:
        found.append(Proof("decree", decree))
    return found


def owned(session: Session, evidence_id: str) -> tuple[Evidence, Item]:
    """A piece of evidence and the item it was given for. Raises Refusal ground.not_found."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None:
        raise Refusal("ground.not_found")
    event = session.get_one(ItemEvent, evidence.event_id)
    return evidence, session.get_one(Item, event.item_id)


def download(session: Session, evidence: Evidence) -> Response:
    """The stored file under its own name: a picture to look at, a PDF only to save. Raises Refusal
    ground.not_found."""
    return handed_out(session, evidence.sha256, evidence.value)
