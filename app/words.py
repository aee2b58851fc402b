"""The words of the product: collects what is said in Indonesian and keeps the English beside it.

    python -m app.words                  update every room's catalogue, say what is missing
    python -m app.words organizer mail   only these rooms
    python -m app.words --check          change nothing; fail on missing, obsolete or fuzzy
    python -m app.words --compile        write the .mo files that the running product reads

Each room (one audience, or mail, print, shared, or what one room of the domain refuses) has its own
catalogue, so that two people at work on two rooms never meet in one file. The path of the file that
says a message decides the room. The Indonesian sentence is the key. Where two rooms say the same
sentence, each reader gets the English of the room they are in ("Daerah" heads one table as Region
and another as Regions); what every room shares must read alike everywhere.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(__file__).resolve().parent / "translations"
AUDIENCES = ("organizer", "participant", "official", "station", "public", "auth", "mail", "print")
DOMAIN = ("ground", "directory", "programme", "convenings", "door", "actions", "pledges", "figures",
          "turns")
EVERYWHERE = ("shared", *(f"refusals_{room}" for room in DOMAIN))
ROOMS = ("shared", *AUDIENCES, *EVERYWHERE[1:])
LANGUAGE = "en"
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
JINJA = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true", "silent": "false"}
HEADER = "# English words of the room PROJECT. The Indonesian sentence is the key.\n"

Key = tuple[str, str | tuple[str, ...]]


def room_of(path: Path) -> str:
    """Return the room whose catalogue holds what the file at ``path`` (below ROOT) says."""
    parts = path.parts
    if parts[0] == "app" and len(parts) > 1 and parts[1] == "adapters":
        name = parts[-1]
        if name.startswith(("print", "seal")):
            return "print"
        return "mail" if "mail" in name or name.startswith("ics") else "shared"
    if parts[:2] == ("app", "refusal_words"):
        domain = path.stem.split("_")[0]
        return f"refusals_{domain}" if domain in DOMAIN else "shared"
    if len(parts) > 2 and parts[1] in AUDIENCES:
        return parts[1]
    return "shared"


def sources(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Yield (path below root, extraction method) of every file that may speak to a person."""
    for folder, pattern, method in (
        ("app", "*.py", "python"),
        ("templates", "*.html", "jinja2"),
        ("templates", "*.txt", "jinja2"),
    ):
        for path in sorted((root / folder).rglob(pattern)):
            yield path.relative_to(root), method


def said(root: Path = ROOT) -> dict[str, Catalog]:
    """Collect every message of the sources, one catalogue (without translations) per room."""
    rooms = {room: Catalog(charset="utf-8") for room in ROOMS}
    for path, method in sources(root):
        options = JINJA if method == "jinja2" else {"encoding": "utf-8"}
        with (root / path).open("rb") as source:
            found = extract(
                method, source, keywords=KEYWORDS, options=options,  # type: ignore[arg-type]
                comment_tags=("Untuk penerjemah:",),
            )
            for _line, message, comments, context in found:
                if message:
                    rooms[room_of(path)].add(
                        message, locations=[(path.as_posix(), 0)],
                        auto_comments=comments, context=context,
                    )
    return rooms


def po_path(room: str, home: Path = HOME) -> Path:
    """Return where the catalogue of ``room`` is kept."""
    return home / room / LANGUAGE / "LC_MESSAGES" / "messages.po"


def read(room: str, home: Path = HOME) -> Catalog:
    """Read the catalogue of ``room``; an empty one when there is none yet."""
    path = po_path(room, home)
    if not path.exists():
        return Catalog(locale=LANGUAGE, charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=LANGUAGE)


def key(message: Message) -> Key:
    """Return what tells two messages apart: context, and text (both forms of a plural)."""
    text = message.id if isinstance(message.id, str) else tuple(message.id)
    return message.context or "", text


def translated(message: Message) -> bool:
    """Return whether every form of ``message`` has its English."""
    forms = message.string if isinstance(message.string, list | tuple) else [message.string]
    wanted = 2 if isinstance(message.id, list | tuple) else 1
    return len(forms) >= wanted and all(forms)


def merged(room: str, template: Catalog, known: dict[Key, Message]) -> Catalog:
    """Return the catalogue of ``room``: what is said now, with the English that is known."""
    fresh = Catalog(
        locale=LANGUAGE, charset="utf-8", header_comment=HEADER.replace("PROJECT", room)
    )
    for message in template:
        if not message.id:
            continue
        old = known.get(key(message))
        fresh.add(
            message.id, string=old.string if old else "", context=message.context,
            locations=sorted(set(message.locations)), auto_comments=message.auto_comments,
        )
    return fresh


def as_bytes(catalog: Catalog) -> bytes:
    """Return the text of a catalogue: sorted, without line numbers or dates, so that it only
    differs when words differ."""
    out = io.BytesIO()
    write_po(out, catalog, sort_output=True, omit_header=True, include_lineno=False, width=100)
    head = (
        f"{catalog.header_comment.strip()}\n"
        'msgid ""\nmsgstr ""\n'
        '"Language: en\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return head.encode() + out.getvalue()


def _write(path: Path, content: bytes) -> bool:
    """Write ``content`` at once or not at all; return whether anything changed."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    Path(draft).chmod(0o644)
    Path(draft).replace(path)
    return True


def update(rooms: Iterable[str], root: Path = ROOT, home: Path = HOME) -> dict[str, list[Message]]:
    """Bring the catalogues of ``rooms`` up to date; return the messages without English.

    A sentence new to one room takes over the English that another room already has.
    """
    now = said(root)
    every = {room: {key(m): m for m in read(room, home) if m.id} for room in ROOMS}
    elsewhere = {k: m for known in every.values() for k, m in known.items() if translated(m)}
    missing = {}
    for room in rooms:
        own = {key(m): m for m in read(room, home) if m.id}  # again: others write meanwhile
        catalog = merged(
            room, now[room], {**elsewhere, **{k: m for k, m in own.items() if translated(m)}}
        )
        if any(m.id for m in catalog) or po_path(room, home).exists():
            _write(po_path(room, home), as_bytes(catalog))
        missing[room] = [m for m in catalog if m.id and not translated(m)]
    return missing


def complaints(
    rooms: Iterable[str], root: Path = ROOT, home: Path = HOME,
    now: dict[str, Catalog] | None = None,
) -> list[str]:
    """Say everything that is wrong with the catalogues, one sentence each; empty when all is well.

    ``now`` is what ``said(root)`` returned, for callers who ask several times.
    """
    now = said(root) if now is None else now
    found = []
    everywhere: dict[Key, tuple[str, object]] = {}
    for room in EVERYWHERE:
        for message in read(room, home):
            if message.id and translated(message):
                everywhere.setdefault(key(message), (room, message.string))
    for room in rooms:
        have = {key(m): m for m in read(room, home) if m.id}
        want = {key(m): m for m in now[room] if m.id}
        for k in want.keys() - have.keys():
            found.append(f"{room}: not in the catalogue: {k[1]!r}")
        for k in have.keys() - want.keys():
            found.append(f"{room}: nobody says this any more: {k[1]!r}")
        for k, message in have.items():
            if k in want and not translated(message):
                found.append(f"{room}: no English for {k[1]!r}")
            if message.fuzzy:
                found.append(f"{room}: fuzzy: {k[1]!r}")
            found += [f"{room}: {k[1]!r}: {error}" for error in message.check()]
            if not translated(message):
                continue
            first, other = everywhere.get(k, (room, message.string))
            if other != message.string:
                found.append(f"{room}: {k[1]!r} reads otherwise in {first}")
    return sorted(found)


def compile_rooms(rooms: Iterable[str] = ROOMS, home: Path = HOME, stale_only: bool = False) -> int:
    """Write the .mo beside each .po; return how many were written."""
    count = 0
    for room in rooms:
        po = po_path(room, home)
        mo = po.with_suffix(".mo")
        if not po.exists():
            continue
        if stale_only and mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        out = io.BytesIO()
        write_mo(out, read(room, home))
        if not _write(mo, out.getvalue()):
            mo.touch()
        count += 1
    return count


def directories(room: str | None = None, home: Path = HOME) -> list[str]:
    """Return the rooms' folders in the order in which they are read: a later one has the last
    word, so what is shared comes after the other rooms and ``room`` itself after that."""
    others = [name for name in AUDIENCES if name != room]
    own = [room] if room in AUDIENCES else []
    return [str(home / name) for name in (*others, *EVERYWHERE, *own)]


def refresh(home: Path = HOME) -> None:
    """Compile what is out of date; an installation that may not write was compiled when built."""
    try:
        compile_rooms(home=home, stale_only=True)
    except PermissionError:
        return


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m app.words", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="*", metavar="room", help=", ".join(ROOMS))
    parser.add_argument("--check", action="store_true", help="change nothing, fail if incomplete")
    parser.add_argument("--compile", action="store_true", help="write the .mo files")
    asked = parser.parse_args(arguments)
    unknown = set(asked.rooms) - set(ROOMS)
    if unknown:
        parser.error("no such room: " + ", ".join(sorted(unknown)))
    rooms = asked.rooms or list(ROOMS)
    say = sys.stdout.write
    if asked.compile:
        say(f"{compile_rooms(rooms)} catalogues compiled\n")
        return 0
    if asked.check:
        wrong = complaints(rooms)
        say("".join(line + "\n" for line in wrong) or "Every sentence has its English.\n")
        return 1 if wrong else 0
    missing = update(rooms)
    for room, messages in missing.items():
        for message in messages:
            where = message.locations[0][0] if message.locations else "?"
            say(f"{room}: no English yet: {message.id!r}  ({where})\n")
    for line in complaints(ROOMS):
        if "reads otherwise" in line and line.split(":")[0] in rooms:
            say(f"{line}\n")
    say(f"{sum(map(len, missing.values()))} sentences without English\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
