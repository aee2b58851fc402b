"""Offices: named as they are addressed, made once, found by their usual short names."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import offices
from cohorts.directory.tables import Office
from cohorts.ground.access import COMMAND
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.refusal import Refusal
from tests.build.directory import AUDITOR, NOW, ORGANISER, TODAY, a_holder, a_region, an_office


@pytest.mark.parametrize(
    ("code", "role", "name", "english"),
    [
        ("14.08", "kepala_daerah", "Bupati Siak", "Regent of Siak"),
        ("81.71", "kepala_daerah", "Wali Kota Ambon", "Mayor of Ambon"),
        ("32", "kepala_daerah", "Gubernur Jawa Barat", "Governor of Jawa Barat"),
        ("14.08", "wakil_kepala_daerah", "Wakil Bupati Siak", "Vice Regent of Siak"),
        (
            "14.08",
            "sekda",
            "Sekretaris Daerah Kabupaten Siak",
            "Regional Secretary, Siak Regency",
        ),
        (
            "32",
            "sekda",
            "Sekretaris Daerah Provinsi Jawa Barat",
            "Provincial Secretary, Jawa Barat Province",
        ),
        (
            "81.71",
            "kadiskominfo",
            "Kepala Dinas Komunikasi dan Informatika Kota Ambon",
            "Head of Communications and Informatics Agency, Ambon City",
        ),
        (
            "31.71",
            "kepala_daerah",
            "Wali Kota Administrasi Jakarta Pusat",
            "Mayor of Jakarta Pusat",
        ),
    ],
)
def test_an_office_is_named_as_it_is_addressed(
    session: Session, code: str, role: str, name: str, english: str
) -> None:
    office = an_office(session, code, role)
    assert office.name == name
    assert offices.office_name(office, "id") == name
    assert offices.office_name(office, "en") == english


def test_a_title_narrows_a_role(session: Session) -> None:
    office = an_office(session, "14.08", "kabid", "Kepala Bidang Informatika")
    assert office.name == "Kepala Bidang Informatika Kabupaten Siak"
    assert offices.office_name(office, "en") == "Head of division (Informatics), Siak Regency"
    assert an_office(session, "14.08", "kabid").id != office.id


def test_asking_twice_makes_one_office_and_one_event(session: Session) -> None:
    one = an_office(session, "14.08", "kepala_daerah")
    assert an_office(session, "14.08", "bupati").id == one.id
    told = sa.select(sa.func.count()).where(ChronicleEntry.event == "directory.office_added")
    assert session.scalar(told) == 1


def test_a_city_has_no_regent(session: Session) -> None:
    a_region(session)
    with pytest.raises(Refusal) as refused:
        an_office(session, "81.71", "bupati")
    assert refused.value.code == "directory.role_elsewhere"


def test_an_unknown_post_or_region_is_refused(session: Session) -> None:
    a_region(session)
    with pytest.raises(Refusal) as refused:
        an_office(session, "81.71", "raja")
    assert refused.value.code == "directory.role_unknown"
    with pytest.raises(Refusal) as refused:
        offices.ensure_office(
            session, region_code="00.00", role_key="sekda", actor=COMMAND, now=NOW
        )
    assert refused.value.code == "directory.region_unknown"


def test_operators_are_a_pool_and_a_regent_is_not(session: Session) -> None:
    assert an_office(session, "14.08", "operator").pool
    assert not an_office(session, "14.08", "kepala_daerah").pool


@pytest.mark.parametrize(
    "query", ["sekda siak", "Sekretaris Daerah Kab. Siak", "siak sekda", "SEKDA KAB SIAK"]
)
def test_an_office_is_found_by_its_usual_short_name(session: Session, query: str) -> None:
    wanted = an_office(session, "14.08", "sekda")
    an_office(session, "14.08", "kepala_daerah")
    an_office(session, "14.07", "sekda")
    assert [o.id for o in offices.search(session, query)] == [wanted.id]


def test_a_region_lists_its_offices_in_the_order_of_protocol(session: Session) -> None:
    for role in ("operator", "kadiskominfo", "kepala_daerah", "sekda"):
        an_office(session, "14.08", role)
    listed = [o.role_key for o in offices.offices_of(session, "14.08")]
    assert listed == ["bupati", "sekda", "kadiskominfo", "operator"]


def test_ending_an_office_ends_its_holder_and_addresses(session: Session) -> None:
    held = a_holder(session)
    offices.end_office(session, held.office_id, ended_on=TODAY, actor=ORGANISER, now=NOW)
    session.expire_all()
    assert held.until_on == TODAY
    with pytest.raises(Refusal) as refused:
        an_office(session, "32.11", "sekda")
    assert refused.value.code == "directory.office_ended"
    assert offices.offices_of(session, "32.11") == []


def test_stand_ins_have_defaults_and_can_be_changed(session: Session) -> None:
    a_region(session)
    assert [r.key for r in offices.stand_ins(session, "bupati")] == ["wabup", "sekda"]
    assert offices.may_stand(session, "kadiskominfo", "kabid")
    assert not offices.may_stand(session, "bupati", "operator")
    offices.set_stand_ins(session, "bupati", ["wabup"], actor=ORGANISER, now=NOW)
    assert [r.key for r in offices.stand_ins(session, "bupati")] == ["wabup"]
    with pytest.raises(Refusal) as refused:
        offices.set_stand_ins(session, "bupati", ["bupati"], actor=ORGANISER, now=NOW)
    assert refused.value.code == "directory.stands_for_itself"


def test_only_who_keeps_the_directory_changes_it(session: Session) -> None:
    office = an_office(session)
    with pytest.raises(Refusal) as refused:
        offices.end_office(session, office.id, ended_on=TODAY, actor=AUDITOR, now=NOW)
    assert refused.value.code == "ground.not_allowed"
    assert session.get(Office, office.id).ended_on is None  # type: ignore[union-attr]


def test_an_organisation_that_is_no_region_is_added_once(session: Session) -> None:
    more = {"kind": "ministry", "actor": ORGANISER, "now": NOW}
    one = offices.add_organisation(session, name="Kementerian Dalam Negeri", **more)
    two = offices.add_organisation(session, name="kementerian  dalam negeri", **more)
    assert one.id == two.id
