"""What the product ships: regions, posts, instruments, and where a province stands on the map."""

from __future__ import annotations

import csv
import importlib.resources
import json
from typing import Any


def rows(name: str) -> list[dict[str, str]]:
    """The lines of a CSV file of this folder, by column."""
    file = importlib.resources.files(__name__).joinpath(name)
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


def document(name: str) -> dict[str, Any]:
    """A JSON file of this folder."""
    file = importlib.resources.files(__name__).joinpath(name)
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded
