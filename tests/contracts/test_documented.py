"""Every event and every refusal has a name of its own, a sentence that explains it, and words."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import cohorts
from cohorts.ground.chronicle import Event

ROOT = Path(cohorts.__file__).parent
ROOMS = sorted(p.name for p in ROOT.iterdir() if p.is_dir() and (p / "__init__.py").exists())


def modules() -> list[str]:
    return [m.name for m in pkgutil.walk_packages(cohorts.__path__, "cohorts.")]


def refusals() -> dict[str, str]:
    found: dict[str, str] = {}
    for room in ROOMS:
        if not (ROOT / room / "refusals.py").exists():
            continue
        codes = importlib.import_module(f"cohorts.{room}.refusals").REFUSALS
        for code, sentence in codes.items():
            assert code.startswith(f"{room}."), f"{code} stands in {room}"
            assert code not in found
            found[code] = sentence
    return found


def events() -> list[type[Event]]:
    found: list[type[Event]] = []
    for name in modules():
        module = importlib.import_module(name)
        found += [
            thing
            for _, thing in inspect.getmembers(module, inspect.isclass)
            if issubclass(thing, Event) and thing is not Event and thing.__module__ == name
        ]
    return found


def raised() -> dict[str, str]:
    """Code -> where a rule raises it."""
    pattern = re.compile(r"Refusal\(\s*f?\"([a-z_]+\.[a-z_]+)\"")
    found = {}
    for path in ROOT.rglob("*.py"):
        for code in pattern.findall(path.read_text()):
            found[code] = str(path.relative_to(ROOT))
    return found


def test_every_refusal_that_is_raised_is_listed() -> None:
    missing = {code: where for code, where in raised().items() if code not in refusals()}
    assert not missing


@pytest.mark.parametrize("code", sorted(refusals()))
def test_a_refusal_says_when_it_is_raised(code: str) -> None:
    assert refusals()[code].strip().endswith(".")


def test_every_event_has_a_name_of_its_own_and_a_sentence() -> None:
    names = [event.name for event in events()]
    assert len(names) == len(set(names))
    for event in events():
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", event.name), event.name
        assert event.name.split(".")[0] == event.__module__.split(".")[1]
        own = event.__dict__.get("__doc__") or ""
        assert own, f"{event.__name__} is undocumented"
        assert not own.startswith(f"{event.__name__}("), f"{event.__name__} is undocumented"
        assert len(event.name) <= 60


def test_a_lower_half_is_used_by_its_own_room_and_by_turns_only() -> None:
    for path in ROOT.rglob("*.py"):
        room = path.relative_to(ROOT).parts[0]
        for other, module in re.findall(
            r"from cohorts\.([a-z]+)(?:\.(_[a-z_]+)| import _)", path.read_text()
        ):
            if module:
                assert room in (other, "turns"), f"{path} reaches into cohorts.{other}.{module}"
