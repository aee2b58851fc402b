"""Two records of one person: found with the reason, merged, and parted as they were."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import appointments, contacts, duplicates, merging, people
from cohorts.directory.tables import Appointment, ContactPoint, Person, PersonMerge
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.refusal import Refusal
from tests.build.directory import AUDITOR, NOW, ORGANISER, TODAY, a_holder, a_person, an_office

MAY = dt.date(2022, 5, 1)
NIP = "198001012005011001"
BY = {"actor": ORGANISER, "now": NOW}


def hold(session: Session, person: Person, office_id: str) -> Appointment:
    return appointments.appoint(
        session, office_id=office_id, person_id=person.id, from_on=MAY, **BY
    )


def reach(session: Session, held: Appointment, email: str) -> ContactPoint:
    return contacts.add_contact(
        session,
        appointment_id=held.id,
        channel="email",
        value=email,
        label="personal",
        source="contoh",
        from_on=MAY,
        **BY,
    )


@pytest.fixture
def namesakes(session: Session) -> tuple[Person, Person]:
    """Two records of one operator, each with an appointment to the same pool."""
    pool = an_office(session, role="operator")
    kept = a_person(session, "Ani Contoh", back_title="S.Kom.")
    merged = a_person(session, "Ani Contoh")
    hold(session, kept, pool.id)
    hold(session, merged, pool.id)
    return kept, merged


def why(session: Session) -> list[tuple[set[str], tuple[str, ...]]]:
    return [({p.one.id, p.other.id}, p.reasons) for p in duplicates.pairs(session)]


def test_namesakes_in_one_office_are_found(
    session: Session, namesakes: tuple[Person, Person]
) -> None:
    assert why(session) == [({p.id for p in namesakes}, ("office",))]


def test_namesakes_in_two_offices_are_two_people(session: Session) -> None:
    for role in ("sekda", "operator"):
        hold(session, a_person(session, "Ani Contoh"), an_office(session, role=role).id)
    assert duplicates.pairs(session) == []


def test_one_address_of_mail_for_two_appointments_is_found(session: Session) -> None:
    one, other = a_person(session, "Ani Contoh"), a_person(session, "Ani C. Contoh")
    for person, role in ((one, "sekda"), (other, "operator")):
        held = hold(session, person, an_office(session, role=role).id)
        reach(session, held, "ani@contoh.example")
    assert why(session) == [({one.id, other.id}, ("mail",))]


def test_one_number_for_two_records_is_the_surest(
    session: Session, namesakes: tuple[Person, Person]
) -> None:
    one, other = a_person(session, "Zaki Contoh", nip=NIP), a_person(session, "Zaki")
    other.nip = NIP  # entered twice at once, or read from a file
    session.flush()
    found = why(session)
    assert found[0] == ({one.id, other.id}, ("nip",))
    assert duplicates.reasons_for(session, other.id, one.id) == ("nip",)


def test_a_merged_pair_is_no_pair_and_is_again_when_parted(
    session: Session, namesakes: tuple[Person, Person]
) -> None:
    kept, merged = namesakes
    merging.merge(session, kept_id=kept.id, merged_id=merged.id, **BY)
    assert duplicates.pairs(session) == []
    merging.part(session, merged.id, **BY)
    assert len(duplicates.pairs(session)) == 1


def seen(session: Session, person: Person) -> dict[str, object]:
    """Everything the directory says about a record."""
    session.expire_all()
    return {
        "name": person.full_name,
        "nip": people.nip_of(session, person.id),
        "career": [a.id for a in appointments.career(session, person.id)],
        "contacts": [c.id for c in contacts.contacts_of_person(session, person.id, TODAY)],
        "offices": [o.id for o in appointments.offices_held(session, person.id, TODAY)],
        "found": [p.id for p in people.search(session, person.name)],
    }


def test_the_kept_record_stands_for_both_and_undoing_restores_exactly(session: Session) -> None:
    sekda, other = an_office(session, role="sekda"), an_office(session, role="kadiskominfo")
    kept = a_person(session, "Siti Rahma Contoh", front_title="Dr.")
    merged = a_person(session, "Rahma Contoh", nip=NIP)
    first, second = hold(session, kept, sekda.id), hold(session, merged, other.id)
    point = reach(session, second, "rahma@contoh.example")
    before = [seen(session, p) for p in (kept, merged)]
    held = session.execute(sa.select(Appointment.id, Appointment.person_id)).all()

    merging.merge(session, kept_id=kept.id, merged_id=merged.id, **BY)
    both = seen(session, kept)
    assert both["nip"] == NIP
    assert both["contacts"] == [point.id]
    assert set(both["career"]) == {first.id, second.id}  # type: ignore[call-overload]
    assert both["offices"] == [sekda.id, other.id]
    assert merged.full_name == "Dr. Siti Rahma Contoh"
    assert [p.id for p in people.search(session, "Rahma")] == [kept.id]
    holder = appointments.holder(session, other.id, TODAY)
    assert holder is not None
    assert holder.person.full_name == "Dr. Siti Rahma Contoh"

    merging.part(session, merged.id, **BY)
    assert [seen(session, p) for p in (kept, merged)] == before
    assert session.execute(sa.select(Appointment.id, Appointment.person_id)).all() == held


def test_a_pool_counts_and_lists_a_merged_person_once(
    session: Session, namesakes: tuple[Person, Person]
) -> None:
    kept, merged = namesakes
    pool = appointments.career(session, kept.id)[0].office_id
    assert appointments.pool_sizes(session, [pool], TODAY) == {pool: 2}
    merging.merge(session, kept_id=kept.id, merged_id=merged.id, **BY)
    assert appointments.pool_sizes(session, [pool], TODAY) == {pool: 1}
    assert [h.person_id for h in appointments.members_of_pool(session, pool, TODAY)] == [kept.id]


def test_a_merged_record_takes_no_office_of_its_own(session: Session) -> None:
    kept, merged = a_person(session, "Ani Contoh"), a_person(session, "Ani")
    merging.merge(session, kept_id=kept.id, merged_id=merged.id, **BY)
    held = hold(session, merged, an_office(session).id)
    assert held.person_id == kept.id


def test_the_office_of_a_merged_record_is_held_already(session: Session) -> None:
    held = a_holder(session, role="operator")
    kept = a_person(session, "Ani Contoh")
    merging.merge(session, kept_id=kept.id, merged_id=held.person_id, **BY)
    with pytest.raises(Refusal) as refused:
        hold(session, kept, held.office_id)
    assert refused.value.code == "directory.appointed_already"


def refusal(session: Session, kept: Person, merged: Person) -> str:
    with pytest.raises(Refusal) as refused:
        merging.merge(session, kept_id=kept.id, merged_id=merged.id, **BY)
    return refused.value.code


def test_what_cannot_be_merged_is_refused(session: Session) -> None:
    a, b, c = (a_person(session, name) for name in ("Satu", "Dua", "Tiga"))
    assert refusal(session, a, a) == "directory.merge_itself"
    merging.merge(session, kept_id=a.id, merged_id=b.id, **BY)
    assert refusal(session, c, b) == "directory.merged_away"
    assert refusal(session, b, c) == "directory.merged_away"
    assert refusal(session, c, a) == "directory.merge_keeps_others"
    merging.merge(session, kept_id=a.id, merged_id=c.id, **BY)
    assert people.records_of(session, c.id) == [a.id, *sorted((b.id, c.id))]


def test_two_numbers_are_two_people_whichever_record_has_them(session: Session) -> None:
    a, b = a_person(session, "Satu"), a_person(session, "Dua", nip=NIP)
    c = a_person(session, "Tiga", nip="197901012005011001")
    merging.merge(session, kept_id=a.id, merged_id=b.id, **BY)
    assert refusal(session, a, c) == "directory.merge_two_nips"


def test_a_merge_is_undone_once_and_may_be_made_again(session: Session) -> None:
    a, b = a_person(session, "Satu"), a_person(session, "Dua")
    merging.merge(session, kept_id=a.id, merged_id=b.id, **BY)
    merging.part(session, b.id, **BY)
    with pytest.raises(Refusal) as refused:
        merging.part(session, b.id, **BY)
    assert refused.value.code == "directory.not_merged"
    merging.merge(session, kept_id=b.id, merged_id=a.id, **BY)
    assert a.full_name == "Dua"
    assert session.scalar(sa.select(sa.func.count()).select_from(PersonMerge)) == 2
    names = list(
        session.scalars(
            sa.select(ChronicleEntry.event).where(ChronicleEntry.event.like("%.people_%"))
        )
    )
    assert sorted(names) == ["directory.people_merged"] * 2 + ["directory.people_parted"]


def test_the_name_of_a_merged_record_is_not_corrected(session: Session) -> None:
    a, b = a_person(session, "Satu"), a_person(session, "Dua", nip=NIP)
    merging.merge(session, kept_id=a.id, merged_id=b.id, **BY)
    given = {"name": "Satu", "front_title": "", "back_title": "", "nip": NIP, **BY}
    with pytest.raises(Refusal) as refused:
        people.correct_person(session, b.id, **given)
    assert refused.value.code == "directory.merged_away"
    assert people.correct_person(session, a.id, **given).nip == NIP  # its own, by the other record


def test_only_who_keeps_the_directory_merges(session: Session) -> None:
    a, b = a_person(session, "Satu"), a_person(session, "Dua")
    with pytest.raises(Refusal) as refused:
        merging.merge(session, kept_id=a.id, merged_id=b.id, actor=AUDITOR, now=NOW)
    assert refused.value.code == "ground.not_allowed"
    merging.merge(session, kept_id=a.id, merged_id=b.id, **BY)
    with pytest.raises(Refusal) as refused:
        merging.part(session, b.id, actor=AUDITOR, now=NOW)
    assert refused.value.code == "ground.not_allowed"


def test_lists_show_the_end_of_a_number_only() -> None:
    assert people.masked_nip(NIP) == "•••• 1001"
    assert people.masked_nip(None) == ""
