"""Personal links: ``id.generation.mac``, rebuilt whenever needed and never stored.

The mac is 132 bits of HMAC-SHA256 over purpose, id and generation. Raising the generation of the
thing it points to revokes every earlier link. Unknown, damaged and revoked links are one answer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

PURPOSES = (
    "invitation",
    "seat",
    "pass",
    "owner",
    "signing",
    "affirmation",
    "password",
    "station",
    "poll",
    "person_feed",
    "convening_feed",
)
_MAC = 22


@dataclass(frozen=True)
class Link:
    """What a token says: the id it points to and the generation it was made for."""

    id: str
    generation: int


@dataclass(frozen=True)
class Links:
    """Makes and reads links with one key (at least 32 bytes)."""

    key: bytes

    def make(self, purpose: str, id: str, generation: int = 1) -> str:  # noqa: A002
        """The token; 16 + 1 + 1.. + 1 + 22 characters, safe in a path."""
        return f"{id}.{generation}.{self._mac(purpose, id, generation)}"

    def read(self, purpose: str, token: str) -> Link | None:
        """The link, or None when the token was not made by us for this purpose."""
        parts = token.split(".")
        if len(parts) != 3 or len(token) > 100 or not parts[1].isascii() or not parts[1].isdigit():
            # The same work as for a well-formed one: the answer's timing tells nothing.
            hmac.compare_digest(self._mac(purpose, "-", 0), "-" * _MAC)
            return None
        id_, generation, mac = parts[0], int(parts[1]), parts[2]
        expected = self._mac(purpose, id_, generation)
        if not hmac.compare_digest(expected.encode(), mac.encode("utf-8", "replace")):
            return None
        return Link(id_, generation)

    def _mac(self, purpose: str, id_: str, generation: int) -> str:
        if purpose not in PURPOSES:
            raise KeyError(purpose)
        text = f"{purpose}\x00{id_}\x00{generation}".encode("utf-8", "replace")
        digest = hmac.new(self.key, text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode()[:_MAC]
