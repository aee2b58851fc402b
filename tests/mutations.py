"""Break each rule of carry-over on purpose and see which test notices.

    python -m tests.mutations [--histories N] [--only WORD] [--write docs/mutations.md]

Works on a copy of the tree in a temporary folder: one mutation at a time is patched in, the random
histories run against the model (or, for what a model cannot see, the one test that is named for
it); then the copy is mended. A mutation that nobody notices, or whose text is no longer there,
makes the command fail.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutation_list import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("app", "cohorts", "migrations", "templates", "tests", "config.py", "pyproject.toml",
          "wsgi.py")  # fmt: skip
HISTORIES = ["tests/domain/turns/test_histories.py"]


def copy_tree(target: Path) -> None:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)


def run(tree: Path, paths: list[str], histories: int) -> str | None:
    """The first test that fails, or None when all pass."""
    environment = os.environ | {"LAB_HISTORIES": str(histories), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-k", "sqlite", "--no-header", *paths],
        cwd=tree, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) \S*?([^/\s]+\.py)::(\w+)", done.stdout, re.MULTILINE)
    seed = re.search(r"LAB_SEED=(\d+), step (\d+)", done.stdout)
    if found is None:
        raise SystemExit(f"the tests did not run:\n{done.stdout[-3000:]}{done.stderr[-2000:]}")
    where = f" (history {seed[1]}, step {seed[2]})" if seed else ""
    return f"{found[2]}{where}"


def apply(tree: Path, mutation: Mutation) -> tuple[Path, str]:
    """Patch the copy; returns the file and its text before."""
    path = tree / mutation.path
    text = path.read_text()
    if text.count(mutation.old) != 1:
        raise SystemExit(f"{mutation.rule!r}: its text stands {text.count(mutation.old)} times in "
                         f"{mutation.path}; bring tests/mutation_list.py up to date")  # fmt: skip
    path.write_text(text.replace(mutation.old, mutation.new))
    return path, text


def table(rows: list[tuple[Mutation, str | None, str | None]], commit: str, took: float,
          histories: int) -> str:  # fmt: skip
    caught = sum(1 for _, one, two in rows if one or two)
    by_model = sum(1 for _, one, _ in rows if one)
    lines = [
        "# Rules broken on purpose",
        "",
        f"`python -m tests.mutations --histories {histories}` at commit {commit}, in "
        f"{took / 60:.0f} minutes: **{caught} of {len(rows)}** noticed, {by_model} of them by the "
        "random histories. The seed of a history is its number; the step is where it stopped. What "
        "the model cannot see (who may, evidence, a slow clock, a hash) has a test of its own.",
        "",
        "| rule, and how it is broken | random histories | named test |",
        "|---|---|---|",
    ]
    for mutation, one, two in rows:
        lines.append(f"| {mutation.rule} | {one or '-'} | {two or '-'} |".replace(
            "test_nothing_is_lost_doubled_or_flattered_in_any_history", "noticed"))  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--histories", type=int, default=12)
    arguments.add_argument("--only", default="", help="only mutations whose rule holds this word")
    arguments.add_argument("--write", type=Path, help="write the result to this file")
    given = arguments.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True,
                            capture_output=True, check=True).stdout.strip()  # fmt: skip
    began, rows = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        tree = Path(folder)
        copy_tree(tree)
        for mutation in MUTATIONS:
            if given.only.lower() not in mutation.rule.lower():
                continue
            path, text = apply(tree, mutation)
            try:
                named = bool(mutation.test)
                by_model = None if named else run(tree, HISTORIES, given.histories)
                by_name = run(tree, [mutation.test], given.histories) if named else None
            finally:
                path.write_text(text)
            rows.append((mutation, by_model, by_name))
            said = by_model or by_name or "NOBODY NOTICED"
            print(f"[{time.monotonic() - began:6.0f} s] {mutation.rule}: {said}", flush=True)
    report = table(rows, commit, time.monotonic() - began, given.histories)
    if given.write:
        given.write.write_text(report)
    missed = [mutation.rule for mutation, one, two in rows if not (one or two)]
    print(f"{len(rows) - len(missed)} of {len(rows)} noticed")
    for rule in missed:
        print("not noticed:", rule)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
