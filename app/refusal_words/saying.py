"""The words of one refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Saying:
    """``title`` names what is refused, ``advice`` how it becomes right; both may mention facts as
    ``%(name)s``. ``status`` is the HTTP status of the page that says it.
    """

    title: Any
    advice: Any = ""
    status: int = 409
