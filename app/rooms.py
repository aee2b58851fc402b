"""The rooms of the web face: each audience is a package with a blueprint named ``bp``."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from flask import Flask


def register(app: Flask, names: Iterable[str]) -> None:
    """Register the blueprint of every room, and the command line."""
    for name in names:
        app.register_blueprint(importlib.import_module(f"app.{name}").bp)
    try:
        commands = importlib.import_module("app.commands")
    except ModuleNotFoundError as missing:
        if missing.name != "app.commands":
            raise
    else:
        commands.register(app)
