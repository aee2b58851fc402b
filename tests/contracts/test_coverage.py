"""docs/coverage/: every bullet names its page and its test, and what it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "coverage").glob("*.md"))
NAMED = re.compile(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_what_a_coverage_page_names_exists(page: Path) -> None:
    lines = page.read_text().splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| bullet")]
    assert rows, f"{page.name} has no rows"
    for row in rows:
        named = NAMED.findall(row)
        assert named or "not built" in row, f"neither a test nor a reason: {row}"
        for file, test in named:
            assert (ROOT / file).is_file(), file
            if test:
                assert f"def {test}(" in (ROOT / file).read_text(), f"{file}::{test}"
