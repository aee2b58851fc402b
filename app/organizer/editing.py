"""Two people at the same form: the second is told what the first changed, and loses nothing.

A form carries what its editor saw (``seen``, as the fields would send it) and the version. When
somebody else has saved meanwhile, what only they changed is taken over into the form, and where
both changed the same field the editor's own words stay, with theirs beside. Nothing is saved until
the editor sends the form again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from app.forms import Form, whole


@dataclass(frozen=True)
class Meanwhile:
    """A field that somebody else changed: its name, what they wrote, and whether the editor's own
    words stay in the form (both changed it)."""

    word: str
    theirs: str
    kept: bool


class SharedForm(Form):
    """A form over something that several people may edit."""

    version = HiddenField()
    seen = HiddenField()

    def begin(self, version: int) -> None:
        """Note what the editor is shown; call it when the form is opened."""
        self.version.data = str(version)
        self.seen.data = json.dumps(sent(self), ensure_ascii=False)

    @property
    def number(self) -> int:
        """The version the editor saw; 0 when the form does not say."""
        return whole(self.version.data)

    def merge(self, now: SharedForm, version: int) -> list[Meanwhile]:
        """Take over what only others changed; return all that they changed. ``now`` is the same
        form over what stands in the database."""
        before, theirs, mine = _remembered(self.seen.data), sent(now), sent(self)
        found = []
        for name, value in theirs.items():
            if name not in before or value == before[name] or name not in mine:
                continue
            kept = mine[name] not in (before[name], value)
            if not kept:
                self[name].process(MultiDict([(name, value)] if value else []))
            found.append(Meanwhile(str(self[name].label.text), _shown(now[name]), kept))
        self.version.data = str(version)
        self.seen.data = json.dumps(theirs, ensure_ascii=False)
        return found


def sent(form: Form) -> dict[str, str]:
    """What a browser would send for every field that can be seen."""
    return {f.name: _value(f) for f in form if f.type not in ("HiddenField", "CSRFTokenField")}


def _value(field: Any) -> str:
    if field.type == "BooleanField":
        return "y" if field.data else ""
    if field.type in ("SelectField", "RadioField"):
        return "" if field.data is None else str(field.data)
    return str(field._value()).replace("\r\n", "\n").strip()


def _shown(field: Any) -> str:
    if field.type in ("SelectField", "RadioField"):
        chosen = [c.label for c in field.choices if str(c.value) == str(field.data)]
        return str(chosen[0]) if chosen else "–"
    if field.type == "BooleanField":
        return "✓" if field.data else "–"
    return _value(field).replace("T", " ") or "–" if "Date" in field.type else _value(field) or "–"


def _remembered(text: str | None) -> dict[str, str]:
    """What the form says its editor saw; it only decides what the page tells them."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
