"""Hands that have no mouse: everything is reached with Tab and the arrows, and seen to be reached.

A control counts as reached only when it is the focused one, stands inside the window, and shows it.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page

MOST = 120  # stops on a page before somebody gives up
NAME = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "";
  const labels = [...(e.labels || [])].map((one) => one.innerText);
  return [e.getAttribute("aria-label"), ...labels, e.innerText, e.name].filter(Boolean).join(" ");
}"""
SEEN = """() => {
  const e = document.activeElement, r = e.getBoundingClientRect();
  const parts = [e, ...(e.labels || []), e.nextElementSibling, e.parentElement].filter(Boolean);
  const look = () => parts.map((part) => {
    part.getAnimations().forEach((one) => one.finish());
    const s = getComputedStyle(part);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor].join();
  }).join(";");
  const focused = look();
  e.blur();
  const left = look();
  e.focus();
  const inside = r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;
  return [focused !== left, inside];
}"""


def reach(page: Page, words: str) -> None:
    """Move on with Tab until the control with these words, or this field name, is focused."""
    wanted = re.compile(rf"(^|\b){re.escape(words)}", re.I)
    passed = []
    for _stop in range(MOST):
        page.keyboard.press("Tab")
        name = page.evaluate(NAME)
        if wanted.search(name):
            shown, inside = page.evaluate(SEEN)
            assert inside, f"{words!r} is focused outside the window of {page.url}"
            assert shown, f"{words!r} is focused on {page.url}, and nothing shows it"
            return
        passed.append(name.strip()[:40])
    raise AssertionError(f"Tab never reaches {words!r} on {page.url}: {passed}")


def press(page: Page, words: str) -> None:
    """Reach a button or a link and press Enter; waits for the page it leads to."""
    reach(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, field: str, text: str) -> None:
    """Reach a field and type over what is in it."""
    reach(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def tick(page: Page, words: str) -> None:
    """Reach a box and tick it with the space bar."""
    reach(page, words)
    page.keyboard.press("Space")


def choose(page: Page, group: str, value: str) -> None:
    """Reach a group of radio buttons and move with the arrows to one of its values."""
    reach(page, group)
    for _stop in range(12):
        at = page.evaluate("() => document.activeElement.value")
        if at == value:
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows never reach {value!r} of {group!r} on {page.url}")
