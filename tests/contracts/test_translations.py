"""Every sentence stands in both languages, and the tool that looks after them does its work."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app import words


@pytest.fixture(scope="module")
def now() -> dict[str, Catalog]:
    """What the product says today."""
    return words.said()


@pytest.mark.parametrize("room", words.ROOMS)
def test_every_sentence_of_a_room_has_its_english(room: str, now: dict[str, Catalog]) -> None:
    assert words.complaints([room], now=now) == []


def test_what_all_rooms_share_reads_alike_everywhere(now: dict[str, Catalog]) -> None:
    assert [c for c in words.complaints(words.ROOMS, now=now) if "reads otherwise" in c] == []


@pytest.fixture
def house(tmp_path: Path) -> tuple[Path, Path]:
    """A small product: one view of the organisers, one page of the public."""
    view = tmp_path / "app" / "organizer" / "views.py"
    view.parent.mkdir(parents=True)
    view.write_text('from flask_babel import gettext as _\nsaid = _("Kirim"), _("Batal")\n')
    page = tmp_path / "templates" / "public" / "front.html"
    page.parent.mkdir(parents=True)
    page.write_text("<p>{{ _('Kirim') }}</p>{% trans %}\n Dua\n baris\n{% endtrans %}"
                    "{% trans n=3 %}{{ n }} hal{% pluralize %}{{ n }} hal{% endtrans %}")
    return tmp_path, tmp_path / "translations"


def translate(room: str, home: Path, english: dict[str, object]) -> None:
    catalog = words.read(room, home)
    for message in catalog:
        first = message.id if isinstance(message.id, str) else message.id[0]
        if first in english:
            message.string = english[first]  # type: ignore[assignment]
    words.po_path(room, home).write_bytes(words.as_bytes(catalog))


def test_the_path_of_a_file_decides_its_room() -> None:
    rooms = {
        "app/organizer/views_home.py": "organizer", "templates/public/front.html": "public",
        "templates/base.html": "shared", "templates/macros/forms.html": "shared",
        "app/status.py": "shared", "app/mail/letters.py": "mail",
        "app/adapters/print.py": "print", "app/adapters/ics.py": "mail",
        "templates/errors/link.html": "shared", "app/refusal_words/door.py": "refusals_door",
        "app/refusal_words/directory_accounts.py": "refusals_directory",
    }
    assert {path: words.room_of(Path(path)) for path in rooms} == rooms


def test_only_the_named_room_is_touched(house: tuple[Path, Path]) -> None:
    root, home = house
    missing = words.update(["organizer"], root, home)
    assert sorted(m.id for m in missing["organizer"]) == ["Batal", "Kirim"]
    assert not words.po_path("public", home).exists()


def test_a_missing_an_obsolete_and_an_unlike_sentence_are_told(house: tuple[Path, Path]) -> None:
    root, home = house
    words.update(["organizer"], root, home)
    translate("organizer", home, {"Kirim": "Send", "Batal": "Cancel"})
    assert words.complaints(["organizer"], root, home) == []
    (root / "app/organizer/views.py").write_text(
        'from flask_babel import gettext as _\nsaid = _("Kirim"), _("Simpan")\n')
    told = words.complaints(["organizer"], root, home)
    assert told == [
        "organizer: nobody says this any more: 'Batal'",
        "organizer: not in the catalogue: 'Simpan'",
    ]
    words.update(["organizer"], root, home)
    assert words.complaints(["organizer"], root, home) == ["organizer: no English for 'Simpan'"]
    words.update(["public"], root, home)
    translate("public", home, {"Kirim": "Dispatch"})
    told = words.complaints(words.ROOMS, root, home)
    assert not any("reads otherwise" in c for c in told), "two rooms may differ"
    (root / "templates/base.html").write_text("{{ _('Kirim') }}")
    words.update(["shared"], root, home)
    translate("shared", home, {"Kirim": "Send"})
    told = words.complaints(words.ROOMS, root, home)
    assert "public: 'Kirim' reads otherwise in shared" in told


def test_a_new_room_takes_over_the_english_that_another_has(house: tuple[Path, Path]) -> None:
    root, home = house
    words.update(["organizer"], root, home)
    translate("organizer", home, {"Kirim": "Send", "Batal": "Cancel"})
    missing = words.update(["public"], root, home)["public"]
    assert [m.id for m in missing] == ["Dua baris", ("%(n)s hal", "%(n)s hal")]
    assert words.read("public", home)["Kirim"].string == "Send"


def test_updating_twice_changes_nothing(house: tuple[Path, Path]) -> None:
    root, home = house
    words.update(words.ROOMS, root, home)
    before = words.po_path("public", home).read_bytes()
    words.update(words.ROOMS, root, home)
    assert words.po_path("public", home).read_bytes() == before


def test_a_plural_needs_both_of_its_forms(house: tuple[Path, Path]) -> None:
    root, home = house
    words.update(["public"], root, home)
    english = {"Kirim": "Send", "Dua baris": "Two lines"}
    translate("public", home, {**english, "%(n)s hal": ("%(n)s thing", "")})
    assert len(words.complaints(["public"], root, home)) == 1
    translate("public", home, {"%(n)s hal": ("%(n)s thing", "%(n)s things")})
    assert words.complaints(["public"], root, home) == []


def test_a_translation_that_drops_a_name_to_fill_in_is_told(house: tuple[Path, Path]) -> None:
    root, home = house
    (root / "app/organizer/views.py").write_text(
        'from flask_babel import gettext as _\nsaid = _("Untuk %(name)s", name="x")\n')
    words.update(["organizer"], root, home)
    translate("organizer", home, {"Untuk %(name)s": "For %(person)s"})
    assert len(words.complaints(["organizer"], root, home)) == 1
