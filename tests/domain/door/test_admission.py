"""One rule for all doors (domain rules, section 6)."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from cohorts.convenings import mandates, seats
from cohorts.convenings.mandates import Deputy
from cohorts.door import stations
from cohorts.door.passes import write_pass
from cohorts.door.tables import Act, Scan
from cohorts.ground.access import Actor, Held
from cohorts.ground.base import new_id
from cohorts.ground.refusal import Refusal
from tests.build import directory
from tests.build import pledges as built
from tests.build.door import (
    MORNING,
    ORGANISER,
    a_card,
    a_door,
    a_guest,
    a_station,
    an_invitation,
    minutes,
    named,
    scan,
)


def acts(session: Session) -> list[Act]:
    return list(session.scalars(sa.select(Act).where(Act.kind == "admit").order_by(Act.at)))


def test_a_guest_with_a_pass_is_admitted_at_the_gate(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door)
    answer = scan(session, door, guest.code, station=station)
    assert (answer.outcome, answer.code) == ("admitted", None)
    assert (answer.person_id, answer.at, answer.place) == (guest.person_id, MORNING, "Pintu utama")
    assert [(s.office, s.deputy) for s in answer.standings] == [("Bupati Siak", False)]
    act = acts(session)[0]
    assert (act.part, act.round, act.mode, act.actor) == ("2022-11-21", 0, "qr", station.id)


def test_a_second_scan_says_when_and_where_and_undoes_nothing(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    east = a_station(session, door, gate="Pintu timur")
    west = a_station(session, door, gate="Pintu barat")
    scan(session, door, guest.code, station=east)
    for later, station in ((1, west), (2, east), (90, west)):
        answer = scan(session, door, guest.code, station=station, now=minutes(later))
        assert answer.outcome == "already"
        assert (answer.at, answer.place) == (MORNING, "Pintu timur")
    assert len(acts(session)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Scan)) == 4, "every scan is kept"


def test_a_typed_code_and_a_name_lead_to_the_same_rule(session: Session) -> None:
    door = a_door(session)
    one = a_guest(session, door)
    two = a_guest(session, door, "32.11", "sekda", name="Dewi Contoh")
    typed = f"{one.card.short_code[:4]} {one.card.short_code[4:]}".lower()
    assert scan(session, door, typed, mode="code").outcome == "admitted"
    assert scan(session, door, two.person_id, mode="name").outcome == "admitted"
    assert scan(session, door, one.code).outcome == "already"


@pytest.mark.parametrize(
    ("text", "mode", "code"),
    [
        ("https://example.org/menu", "qr", "unknown"),
        ("LL1.PALSU.1.PALSU.PALSU", "qr", "forged"),
        ("ABCD EFGH", "code", "unknown"),
        ("tidak ada", "code", "unknown"),
        ("NOSUCHPERSON0001", "name", "unknown"),
    ],
)
def test_what_names_nobody_is_refused_and_kept(
    session: Session, text: str, mode: str, code: str
) -> None:
    door = a_door(session)
    answer = scan(session, door, text, mode=mode)
    assert (answer.outcome, answer.code, answer.person_id) == ("refused", code, None)
    kept = session.scalars(sa.select(Scan)).one()
    assert (kept.outcome, kept.code, kept.person_id, kept.act_id) == ("refused", code, None, None)


def test_a_genuine_code_of_a_pass_that_is_not_here_is_unknown(session: Session) -> None:
    from tests.build.door import KEY

    door = a_door(session)
    assert scan(session, door, write_pass(KEY, new_id(), 1, door.id)).code == "unknown"


def test_a_pass_signed_by_somebody_else_is_forged(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    thief = Ed25519PrivateKey.from_private_bytes(b"z" * 32)
    answer = scan(session, door, write_pass(thief, guest.card.id, 1, door.id))
    assert (answer.outcome, answer.code) == ("refused", "forged")
    assert acts(session) == []


def test_the_pass_of_another_convening_is_refused_and_named(session: Session) -> None:
    door, other = a_door(session), a_door(session)
    guest = a_guest(session, other)
    answer = scan(session, door, guest.code)
    assert (answer.code, answer.facts["convening_id"]) == ("wrong_convening", other.id)
    assert scan(session, door, guest.card.short_code, mode="code").code == "unknown"


def test_a_pass_of_an_earlier_generation_is_revoked(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    old = guest.code
    guest.card.generation = 2
    session.flush()
    assert scan(session, door, old).code == "revoked"
    assert scan(session, door, guest.code).outcome == "admitted"


def test_the_door_keeps_its_own_hours(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    early = scan(session, door, guest.code, now=door.door_opens_at - dt.timedelta(seconds=1))
    assert (early.code, early.facts) == ("not_open", {"opens_at": door.door_opens_at})
    late = scan(session, door, guest.code, now=door.door_closes_at)
    assert (late.code, late.facts) == ("closed", {"closed_at": door.door_closes_at})
    assert scan(session, door, guest.code, now=door.door_opens_at).outcome == "admitted"


def test_a_draft_is_not_open_and_a_cancelled_convening_is_closed(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    door.state = "draft"
    session.flush()
    assert scan(session, door, guest.code).code == "not_open"
    door.state, door.cancelled_at = "cancelled", MORNING
    session.flush()
    assert scan(session, door, guest.code).code == "closed"


def test_after_the_close_nobody_is_admitted_but_who_came_is_still_there(session: Session) -> None:
    door = a_door(session)
    came, late = a_guest(session, door), a_guest(session, door, "32.11", name="Dewi Contoh")
    scan(session, door, came.code)
    door.state, door.started_at, door.closed_at = "closed", MORNING, minutes(300)
    session.flush()
    answer = scan(session, door, late.code, now=minutes(310))
    assert (answer.code, answer.facts) == ("closed", {"closed_at": minutes(300)})
    assert scan(session, door, came.code, now=minutes(310)).outcome == "already"


# Mandates: the door obeys the chain.


def deputise(
    session: Session, seat_id: str, name: str = "Syafrizal Contoh", at: float = -5000
) -> str:
    made = mandates.hand_over(
        session, seat_id, Deputy(role_key="sekda", name=named(name)), ORGANISER, minutes(at)
    )
    return made.id


def test_a_deputy_comes_in_the_place_of_the_office(session: Session) -> None:
    door = a_door(session)
    held = directory.a_holder(session, "14.08", "bupati", name="Rahmat Contoh")
    _, seat_id = an_invitation(session, door, held.office)
    over = session.get(mandates.HandOver, deputise(session, seat_id))
    assert over is not None
    card = a_card(session, door, over.person_id)
    answer = scan(session, door, card.short_code, mode="code")
    assert answer.outcome == "admitted"
    assert [(s.office, s.deputy, s.post) for s in answer.standings] == [
        ("Bupati Siak", True, "Sekretaris Daerah Kabupaten Siak")
    ]


def test_the_pass_of_a_deputy_whose_mandate_was_revoked_is_refused_with_the_hour(
    session: Session,
) -> None:
    door = a_door(session)
    held = directory.a_holder(session, "14.08", "bupati", name="Rahmat Contoh")
    _, seat_id = an_invitation(session, door, held.office)
    over = session.get(mandates.HandOver, deputise(session, seat_id))
    assert over is not None
    mandates.revoke(session, over.id, ORGANISER, minutes(-60))
    answer = scan(session, door, over.person_id, mode="name")
    assert (answer.outcome, answer.code) == ("refused", "revoked")
    assert (answer.person_id, answer.facts["since"]) == (over.person_id, minutes(-60))


def test_who_was_replaced_is_told_by_whom(session: Session) -> None:
    door = a_door(session)
    held = directory.a_holder(session, "14.08", "bupati", name="Rahmat Contoh")
    _, seat_id = an_invitation(session, door, held.office)
    first = session.get(mandates.HandOver, deputise(session, seat_id))
    assert first is not None
    mandates.revoke(session, first.id, ORGANISER, minutes(-60))
    second = session.get(
        mandates.HandOver, deputise(session, seat_id, "Nurlaila Contoh", at=-50))
    assert second is not None
    answer = scan(session, door, first.person_id, mode="name")
    assert (answer.code, answer.facts["by_person"]) == ("replaced", second.person_id)
    assert answer.facts["office"] == "Bupati Siak"
    assert scan(session, door, second.person_id, mode="name").outcome == "admitted"


def test_a_mandate_is_judged_at_the_time_of_the_scan_and_not_of_its_arrival(
    session: Session,
) -> None:
    door = a_door(session)
    held = directory.a_holder(session, "14.08", "bupati", name="Rahmat Contoh")
    _, seat_id = an_invitation(session, door, held.office)
    over = session.get(mandates.HandOver, deputise(session, seat_id))
    assert over is not None
    station = a_station(session, door)
    card = a_card(session, door, over.person_id)
    mandates.revoke(session, over.id, ORGANISER, minutes(10))
    before = scan(session, door, card.short_code, mode="code", station=station, now=minutes(30),
                  claimed_at=minutes(9))
    after = scan(session, door, card.short_code, mode="code", station=station, now=minutes(30),
                 claimed_at=minutes(11))
    assert (before.outcome, after.code) == ("admitted", "revoked")


def test_one_presence_satisfies_both_offices_of_a_person(session: Session) -> None:
    """Plt. Sekda and Kadiskominfo: one pass, one admission, two offices."""
    door = a_door(session)
    guest = a_guest(session, door, "14.08", "kadiskominfo", name="Dewi Contoh")
    office = directory.an_office(session, "14.08", "sekda")
    _, seat_id = an_invitation(session, door, office)
    from cohorts.directory import appointments
    from cohorts.ground.access import COMMAND

    appointments.appoint(
        session, office_id=office.id, person_id=guest.person_id, standing="plt",
        from_on=dt.date(2022, 1, 3), actor=COMMAND, now=directory.NOW,
    )
    seats.attend(session, seat_id, ORGANISER, minutes(-1000))
    answer = scan(session, door, guest.code)
    assert answer.outcome == "admitted"
    assert {s.post for s in answer.standings} == {
        guest.office.name, "Plt. Sekretaris Daerah Kabupaten Siak"
    }


def test_the_holder_of_an_office_that_has_not_answered_may_simply_turn_up(
    session: Session,
) -> None:
    door = a_door(session)
    held = directory.a_holder(session, "14.08", "bupati", name="Rahmat Contoh")
    an_invitation(session, door, held.office)
    answer = scan(session, door, held.person_id, mode="name")
    assert (answer.outcome, answer.standings[0].office) == ("admitted", "Bupati Siak")


def test_somebody_who_was_not_invited_is_not_let_in_by_name(session: Session) -> None:
    door = a_door(session)
    stranger = directory.a_holder(session, "32.11", "sekda", name="Orang Lain")
    answer = scan(session, door, stranger.person_id, mode="name")
    assert (answer.outcome, answer.code) == ("refused", "unknown")


# Who may stand at the door.


def test_a_station_works_only_at_the_convenings_it_is_bound_to(session: Session) -> None:
    door, other = a_door(session), a_door(session)
    guest = a_guest(session, door)
    with pytest.raises(Refusal) as refusal:
        scan(session, door, guest.code, station=a_station(session, other))
    assert refusal.value.code == "ground.not_allowed"
    both = a_station(session, door, other)
    assert scan(session, door, guest.code, station=both).outcome == "admitted"


def test_a_revoked_station_admits_nobody(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door)
    stations.revoke(session, station_id=station.id, actor=ORGANISER, now=MORNING)
    with pytest.raises(Refusal, match=r"ground\.not_allowed"):
        scan(session, door, guest.code, station=station)
    assert acts(session) == []


def test_a_station_without_the_right_to_search_admits_by_card_only(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    station = a_station(session, door, may_search=False)
    with pytest.raises(Refusal, match=r"door\.not_this_station"):
        scan(session, door, guest.person_id, mode="name", station=station)
    assert scan(session, door, guest.code, station=station).outcome == "admitted"


@pytest.mark.parametrize(
    "actor",
    [
        Actor("public", "public"),
        Actor("link", "x", link="guest"),
        Actor("user", "u", held=(Held("auditor"),)),
        Actor("user", "u", held=(Held("organizer", "cohort", "ANOTHERCOHORT001"),)),
        Actor("station", "s", link="station"),
    ],
)
def test_nobody_else_admits(session: Session, actor: Actor) -> None:
    from cohorts.door import admission
    from tests.build.door import PUBLIC

    door = a_door(session)
    guest = a_guest(session, door)
    with pytest.raises(Refusal, match=r"ground\.not_allowed"):
        admission.admit(
            session, convening_id=door.id, key=PUBLIC, actor=actor, now=MORNING,
            claim=admission.Claim("client-0001", "qr", guest.code),
        )


@pytest.mark.parametrize("client_id", ["", "kurang", "x" * 41, "satu\ndua\ntiga", "pemindai-é"])
def test_a_record_needs_an_identifier_of_its_own(session: Session, client_id: str) -> None:
    from cohorts.door import admission
    from tests.build.door import PUBLIC

    door = a_door(session)
    with pytest.raises(Refusal, match=r"door\.client_id"):
        admission.admit(
            session, convening_id=door.id, key=PUBLIC, actor=ORGANISER, now=MORNING,
            claim=admission.Claim(client_id, "qr", "x"),
        )


def test_the_builder_stands_on_an_announced_convening(session: Session) -> None:
    assert built.ORGANISER.is_organizer
    assert a_door(session).state == "announced"
