"""A rule that says no.

Each room lists its codes in ``refusals.py`` as ``REFUSALS = {code: when it is raised}``; the words
for a reader stand in the web face. A test keeps the two complete.
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """``code`` is ``room.reason``; ``facts`` are plain values that the words may mention.

    ``field`` names the form field the refusal belongs to, where there is one.
    """

    def __init__(self, code: str, /, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = facts
