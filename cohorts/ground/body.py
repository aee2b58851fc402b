"""Free text that people write: held once, referred to by id, with its hash in the facts.

Erasing a text empties the row and breaks no hash, because events and closings hold only the hash.
"""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from cohorts.ground.base import Base, Id, new_id
from cohorts.ground.canonical import canonical, sha256


class Body(Base):
    __tablename__ = "body"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    text: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str]


def keep(session: Session, text: str | None) -> str | None:
    """Store a text and return its id, or None when there is nothing to store."""
    if text is None or not text.strip():
        return None
    body = Body(id=new_id(), text=text.strip(), sha256=sha256(canonical(text.strip())))
    session.add(body)
    session.flush()
    return body.id
