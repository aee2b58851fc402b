"""Regions: all of them, once, and found however they are written."""

from __future__ import annotations

import functools
import random
import time

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cohorts import data
from cohorts.directory import regions, spelling
from cohorts.directory.intake import _region, seed
from cohorts.directory.tables import MayStandFor, Organisation, Region, Role
from cohorts.ground.refusal import Refusal
from tests.build.directory import a_region

ALL = data.rows("regions.csv")


def found(session: Session, query: str) -> list[str]:
    return [r.full_name for r in regions.search(session, query)]


def test_the_product_ships_all_regions_with_a_government_each(session: Session) -> None:
    seed(session)
    counted = dict(
        session.execute(sa.select(Region.type, sa.func.count()).group_by(Region.type)).all()
    )
    assert counted == {"provinsi": 38, "kabupaten": 416, "kota": 98}
    assert session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 552
    ambon = regions.region(session, "81.71")
    assert (ambon.full_name, ambon.timezone) == ("Kota Ambon", "Asia/Jayapura")


def test_seeding_again_changes_nothing_and_takes_no_time(session: Session) -> None:
    seed(session)
    before = session.scalars(sa.select(Organisation.id).order_by(Organisation.id)).all()
    began = time.monotonic()
    seed(session)
    assert time.monotonic() - began < 1
    assert session.scalars(sa.select(Organisation.id).order_by(Organisation.id)).all() == before


def test_seeding_mends_a_name_but_leaves_the_organisers_list_of_stand_ins(
    session: Session,
) -> None:
    seed(session)
    session.execute(sa.update(Region).where(Region.code == "32.11").values(name="Sumedeng"))
    session.execute(sa.delete(MayStandFor).where(MayStandFor.role_key == "bupati"))
    seed(session)
    session.expire_all()
    assert regions.region(session, "32.11").name == "Sumedang"
    kept = session.scalars(sa.select(MayStandFor).where(MayStandFor.role_key == "bupati")).all()
    assert kept == []


def test_roles_come_in_the_order_of_protocol(session: Session) -> None:
    seed(session)
    order = dict(session.execute(sa.select(Role.key, Role.protocol_order)).all())
    assert order["bupati"] == order["walikota"] == 20
    assert order["sekda"] < order["kadiskominfo"] < order["operator"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Palangka Raya", "Kota Palangkaraya"),
        ("palangkaraya", "Kota Palangkaraya"),
        ("Tolitoli", "Kabupaten Toli-Toli"),
        ("kab. toli toli", "Kabupaten Toli-Toli"),
        ("Baubau", "Kota Bau Bau"),
        ("Bau-Bau", "Kota Bau Bau"),
        ("Kota Yogya", "Kota Yogyakarta"),
        ("kota jogja", "Kota Yogyakarta"),
        ("DI Yogyakarta", "Provinsi Daerah Istimewa Yogyakarta"),
        ("D.I. Yogyakarta", "Provinsi Daerah Istimewa Yogyakarta"),
        ("DKI", "Provinsi Daerah Khusus Ibukota Jakarta"),
        ("D.K.I. Jakarta", "Provinsi Daerah Khusus Ibukota Jakarta"),
        ("Kab Bandung", "Kabupaten Bandung"),
        ("Kab. Bandung", "Kabupaten Bandung"),
        ("Kota Bandung", "Kota Bandung"),
        ("bandung kota", "Kota Bandung"),
        ("32.11", "Kabupaten Sumedang"),
        ("3211", "Kabupaten Sumedang"),
        ("Propinsi Jabar", "Provinsi Jawa Barat"),
        ("tangsel", "Kota Tangerang Selatan"),
        ("OKU", "Kabupaten Ogan Komering Ulu"),
        ("kep. meranti", "Kabupaten Kepulauan Meranti"),
    ],
)
def test_usual_spellings_find_their_region(session: Session, query: str, first: str) -> None:
    seed(session)
    assert found(session, query)[0] == first


def test_the_regency_and_the_city_of_one_name_are_both_found_and_told_apart(
    session: Session,
) -> None:
    seed(session)
    assert set(found(session, "Bandung")[:2]) == {"Kabupaten Bandung", "Kota Bandung"}
    assert [r.code for r in regions.finder(session).find("bandung")] == ["32.04", "32.73"]
    assert [r.code for r in regions.finder(session).find("Kab. Bandung")] == ["32.04"]


def test_nothing_is_found_for_what_is_no_name(session: Session) -> None:
    seed(session)
    for query in ("", "   ", "--", "%", "_", "' OR 1=1", "Atlantis"):
        assert found(session, query) == []


def test_an_unknown_code_is_refused(session: Session) -> None:
    a_region(session)
    with pytest.raises(Refusal) as refused:
        regions.region(session, "99.99")
    assert refused.value.code == "directory.region_unknown"


def written(name: str, dice: random.Random) -> str:
    """A name as somebody in a hurry types it."""
    shortened = {
        "Kabupaten": ["Kab.", "Kab", "KABUPATEN", "kabupaten"],
        "Provinsi": ["Prov.", "Propinsi"],
    }
    words = [dice.choice(shortened.get(word, [word])) for word in name.replace("-", " ").split()]
    kind, rest = words[0], words[1:]
    joint = dice.choice([" ", "-", "  ", ""])
    spelled = joint.join(rest)
    return f"{kind} {''.join(c.upper() if dice.random() < 0.3 else c for c in spelled)}"


@given(row=st.sampled_from(ALL), dice=st.randoms(use_true_random=False))
def test_every_region_is_recognised_in_any_hurried_spelling(
    row: dict[str, str], dice: random.Random
) -> None:
    spelled = written(f"{row['type'].split()[0]} {row['name']}", dice)
    assert [r.code for r in _finder().find(spelled)] == [row["code"]], spelled


@functools.cache
def _finder() -> regions.Finder:
    aliases: dict[str, list[str]] = {}
    for line in data.rows("region_aliases.csv"):
        aliases.setdefault(line["code"], []).append(line["alias"])
    short = {line["code"]: line["abbr"] for line in data.rows("province_grid.csv")}
    return regions.Finder(Region(**_region(row, aliases, short)) for row in ALL)


@given(st.text(max_size=80))
def test_a_folded_text_can_stand_in_a_pattern_as_it_is(text: str) -> None:
    assert all(c.isalnum() for c in spelling.fold(text))


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll")), max_size=30))
def test_case_never_counts(text: str) -> None:
    assert spelling.fold(text) == spelling.fold(text.casefold())


@pytest.mark.parametrize(
    "name",
    ["Dr. H. Nama Contoh, S.IP., M.Si.", "nama contoh", "NAMA CONTOH, S.IP", "Ir. Nama  Contoh"],
)
def test_titles_do_not_count_in_a_persons_name(name: str) -> None:
    assert spelling.without_titles(name) == "namacontoh"


def test_a_name_that_is_a_title_is_still_a_name() -> None:
    assert spelling.without_titles("Ma") == "ma"
