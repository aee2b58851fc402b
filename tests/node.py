"""Node for the tests that run somebody else's JavaScript: found the way ./lab finds it."""

from __future__ import annotations

import functools
import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).parent.parent


@functools.cache
def program() -> str:
    """The path of node. The command has no ending, so it is loaded by hand; nothing is left."""
    loader = SourceFileLoader("lab_for_node", str(ROOT / "lab"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    lab = importlib.util.module_from_spec(spec)
    remembered, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(lab)
        return str(lab.node()[0][0])
    finally:
        sys.dont_write_bytecode = remembered
