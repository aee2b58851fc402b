"""The two answers and the stages before them, at any date; and the shortcuts that are refused."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from cohorts.actions import dates, drops, moves, splits
from cohorts.figures.follow_through import follow_up
from cohorts.figures.funnel import Figure, Funnel, funnel, moment_of
from cohorts.ground.access import COMMAND
from cohorts.ground.refusal import Refusal
from cohorts.pledges import withdrawing
from cohorts.programme import scores, visits
from cohorts.programme.tables import Cohort
from cohorts.turns import close, leave, start
from tests.build import directory, door
from tests.build import figures as build
from tests.build import pledges as pledge_build
from tests.build.figures import NOW, at

SIAK, BANDUNG, GARUT, DUMAI = "14.08", "32.04", "32.05", "14.72"
NEW_YEAR = at(2023, 1, 10)


@pytest.fixture
def cohort(session: Session) -> Cohort:
    """Siak and Bandung visited and joined; Dumai was invited for its index; Garut only visited."""
    made = pledge_build.a_cohort(session)
    build.visited(session, made, SIAK)
    build.visited(session, made, BANDUNG, None)
    build.visited(session, made, GARUT)
    build.joined(session, made, SIAK)
    build.joined(session, made, BANDUNG)
    build.joined(session, made, DUMAI, "invited_as_high_performer")
    return made


def then(session: Session, cohort: Cohort, moment: dt.datetime = NEW_YEAR) -> Funnel:
    return funnel(session, cohort.id, moment)


def share(figure: Figure) -> tuple[int, int]:
    return figure.n, figure.of


def test_high_performers_without_a_visit_never_enter_the_answers(
    session: Session, cohort: Cohort
) -> None:
    build.verified(session, build.an_item(session, cohort, DUMAI), at(2022, 12, 1))
    found = then(session, cohort)
    assert {r.code for r in found.visitors} == {SIAK, BANDUNG, GARUT}
    assert [r.code for r in found.invited] == [DUMAI]
    assert share(found.answer("menindaklanjuti")) == (0, 3)
    assert share(found.figure("S1", found.invited)) == (1, 1)
    assert share(found.figure("V", found.invited)) == (0, 1)


def test_an_undated_visit_counts_and_is_listed(session: Session, cohort: Cohort) -> None:
    found = then(session, cohort)
    assert [r.code for r in found.undated] == [BANDUNG]
    assert share(found.figure("V")) == (3, 3)


def test_institutions_are_kept_apart(session: Session, cohort: Cohort) -> None:
    visits.add_visit(
        session, cohort.id, institution="Universitas Contoh", source="Buku tamu", actor=COMMAND,
        now=NOW)
    found = then(session, cohort)
    assert list(found.institutions) == ["Universitas Contoh"]
    assert share(found.figure("V")) == (3, 3)


def test_only_a_verified_item_is_follow_up_and_a_claim_is_not(
    session: Session, cohort: Cohort
) -> None:
    item = build.an_item(session, cohort, SIAK)
    build.claimed(session, item, at(2022, 12, 1))
    assert share(then(session, cohort).answer("menindaklanjuti")) == (0, 3)
    moves.verify(session, item.id, actor=build.MENTOR, now=at(2022, 12, 2))
    answer = then(session, cohort).answer("menindaklanjuti")
    assert share(answer) == (1, 3)
    assert answer.counted == {SIAK}
    assert len(answer.rows) == answer.of  # the rows behind it are always there


def test_leaving_the_cohort_shrinks_nothing(session: Session, cohort: Cohort) -> None:
    build.an_item(session, cohort, SIAK)
    leave.leave(
        session, cohort.id, SIAK, left_on=dt.date(2022, 12, 20), reason="Tidak melanjutkan",
        actor=COMMAND, now=at(2022, 12, 20))
    found = then(session, cohort)
    assert share(found.figure("V")) == (3, 3)
    assert share(found.figure("J")) == (2, 3)
    siak = found.regions[0]
    assert siak.joined is not None
    assert siak.joined.left_on == dt.date(2022, 12, 20)
    assert siak.due == {"dropped": 1}  # and stays in the denominator
    assert not found.figure("S3").counted


def test_dropping_the_unfinished_half_makes_no_s3(session: Session, cohort: Cohort) -> None:
    build.verified(session, build.an_item(session, cohort, SIAK), at(2022, 12, 1))
    other = build.an_item(session, cohort, SIAK, title="Lain")
    drops.drop(session, other.id, "not_feasible", actor=COMMAND, now=at(2022, 12, 2))
    found = then(session, cohort)
    assert found.figure("S2").counted == {SIAK}  # half of two
    assert not found.figure("S3").counted


def test_a_later_due_date_takes_nothing_out_of_what_was_due(
    session: Session, cohort: Cohort
) -> None:
    item = build.an_item(session, cohort, SIAK)
    dates.grant_due(
        session, item.id, dt.date(2023, 6, 30), reason="Menunggu anggaran", actor=COMMAND,
        now=at(2022, 12, 1))
    assert then(session, cohort).regions[0].due == {"open": 1}


def test_a_finished_piece_of_a_split_item_is_not_yet_follow_up(
    session: Session, cohort: Cohort
) -> None:
    item = build.an_item(session, cohort, SIAK)
    parts = splits.split(
        session, item.id, [splits.Part("Bagian 1"), splits.Part("Bagian 2")], actor=COMMAND,
        now=at(2022, 11, 1))
    build.verified(session, parts[0], at(2022, 12, 1))
    found = then(session, cohort)
    assert share(found.answer("menindaklanjuti")) == (0, 3)
    assert found.regions[0].due == {"open": 1}
    build.verified(session, parts[1], at(2022, 12, 3))
    assert share(then(session, cohort).answer("menindaklanjuti")) == (1, 3)


def test_nothing_due_is_not_assessed_and_counts_for_nobody(
    session: Session, cohort: Cohort
) -> None:
    build.verified(
        session, build.an_item(session, cohort, SIAK, due=dt.date(2023, 6, 30)), at(2022, 12, 1))
    found = then(session, cohort)
    assert found.figure("S1").counted == {SIAK}  # verified, although not due yet
    assert not found.figure("S3").counted
    assert SIAK in found.figure("S3").unknown


def test_a_past_day_is_read_as_it_was_recorded(session: Session, cohort: Cohort) -> None:
    build.verified(session, build.an_item(session, cohort, SIAK), at(2022, 12, 1))
    build.visited(session, cohort, "32.06", dt.date(2022, 2, 2), now=at(2022, 12, 5))
    before = then(session, cohort, at(2022, 11, 30))
    assert share(before.answer("menindaklanjuti")) == (0, 3)
    assert share(then(session, cohort).answer("menindaklanjuti")) == (1, 4)
    assert share(then(session, cohort, at(2022, 11, 30)).answer("menindaklanjuti")) == (0, 3)


def test_a_withdrawn_visit_leaves_v_from_its_correction_on(
    session: Session, cohort: Cohort
) -> None:
    wrong = build.visited(session, cohort, "32.06")
    visits.withdraw_visit(
        session, wrong.id, source="Salah catat", actor=COMMAND, now=at(2022, 12, 5))
    assert share(then(session, cohort, at(2022, 12, 4)).figure("V")) == (4, 4)
    assert share(then(session, cohort).figure("V")) == (3, 3)


def test_reaching_the_threshold_counts_only_from_below(session: Session, cohort: Cohort) -> None:
    build.the_threshold(session, cohort)
    build.scored(session, SIAK, 2021, "2.60", published=dt.date(2022, 2, 1), now=NOW)
    build.scored(session, SIAK, 2022, "3.60", published=dt.date(2023, 1, 5), now=at(2023, 1, 6))
    build.scored(session, GARUT, 2021, "3.55", published=dt.date(2022, 2, 1), now=NOW)
    build.scored(session, GARUT, 2022, "3.70", published=dt.date(2023, 1, 5), now=at(2023, 1, 6))
    build.scored(session, BANDUNG, 2022, "3.70", published=dt.date(2023, 1, 5), now=at(2023, 1, 6))
    found = then(session, cohort)
    assert found.answer("mengikuti_jejak").counted == {SIAK}
    assert [r.code for r in found.apart("already")] == [GARUT]
    assert [r.code for r in found.apart("unknown_before")] == [BANDUNG]  # no day, so no before
    assert share(then(session, cohort, at(2023, 1, 2)).answer("mengikuti_jejak")) == (0, 3)


def test_exactly_the_threshold_is_reached(session: Session, cohort: Cohort) -> None:
    build.the_threshold(session, cohort)
    build.scored(session, SIAK, 2021, "3.51", published=dt.date(2022, 2, 1), now=NOW)
    build.scored(session, SIAK, 2022, "3.52", published=dt.date(2023, 1, 5), now=at(2023, 1, 6))
    assert then(session, cohort).answer("mengikuti_jejak").counted == {SIAK}


@pytest.mark.parametrize(("year", "more"), [
    (2022, {"kind": "self_assessment"}), (2022, {"kind": "simulation"}),
    (2026, {"instrument": "PEMDI-2026"}),
])
def test_other_kinds_and_instruments_are_never_mixed_in(
    session: Session, cohort: Cohort, year: int, more: dict[str, str]
) -> None:
    build.the_threshold(session, cohort)
    build.scored(session, SIAK, 2021, "2.60", published=dt.date(2022, 2, 1), now=NOW)
    build.scored(
        session, SIAK, year, "4.00", published=dt.date(year + 1, 1, 5), now=at(year + 1, 1, 6),
        **more)
    found = then(session, cohort, at(year + 1, 1, 10))
    assert share(found.answer("mengikuti_jejak")) == (0, 3)
    assert found.regions[0].improved == "unknown"


def test_improvement_is_against_the_last_official_score_before_joining(
    session: Session, cohort: Cohort
) -> None:
    build.scored(session, SIAK, 2021, "2.60", published=dt.date(2022, 2, 1), now=NOW)
    build.scored(session, SIAK, 2022, "2.61", published=dt.date(2023, 1, 5), now=at(2023, 1, 6))
    build.scored(session, BANDUNG, 2021, "2.60", published=dt.date(2022, 2, 1), now=NOW)
    build.scored(session, BANDUNG, 2022, "2.60", published=dt.date(2023, 1, 5), now=at(2023, 1, 6))
    figure = then(session, cohort).figure("I")
    assert figure.counted == {SIAK}
    assert figure.unknown == {GARUT}  # never joined


def test_a_corrected_score_speaks_from_its_correction_on(session: Session, cohort: Cohort) -> None:
    build.the_threshold(session, cohort)
    build.scored(session, SIAK, 2021, "2.60", published=dt.date(2022, 2, 1), now=NOW)
    high = build.scored(
        session, SIAK, 2022, "3.60", published=dt.date(2023, 1, 5), now=at(2023, 1, 6))
    scores.withdraw_score(session, high.id, source="Keliru", actor=COMMAND, now=at(2023, 1, 9))
    assert share(then(session, cohort, at(2023, 1, 8)).answer("mengikuti_jejak")) == (1, 3)
    assert share(then(session, cohort).answer("mengikuti_jejak")) == (0, 3)


def test_a_past_figure_keeps_the_threshold_it_was_read_by(
    session: Session, cohort: Cohort
) -> None:
    build.the_threshold(session, cohort)
    build.scored(session, SIAK, 2021, "2.60", published=dt.date(2022, 2, 1), now=NOW)
    build.scored(session, SIAK, 2022, "3.20", published=dt.date(2022, 12, 1), now=at(2022, 12, 2))
    build.the_threshold(session, cohort, "3.00", dt.date(2023, 1, 5), at(2023, 1, 5))
    old, new = then(session, cohort, at(2023, 1, 4)), then(session, cohort)
    assert old.threshold is not None
    assert new.threshold is not None
    assert (old.threshold.value, new.threshold.value) == ("3.52", "3.00")
    assert share(old.answer("mengikuti_jejak")) == (0, 3)
    assert share(new.answer("mengikuti_jejak")) == (1, 3)


def test_a_commitment_counts_from_signed_until_withdrawn_and_unknown_is_unknown(
    session: Session,
) -> None:
    scene = pledge_build.a_scene(session)
    signature = pledge_build.signed(session, scene.pledge, at(2022, 11, 21))
    withdrawing.withdraw(
        session, signature.id, "Surat", actor=pledge_build.ORGANISER, now=at(2022, 12, 5))
    build.joined(session, scene.cohort, "32.05")

    def states(moment: dt.datetime) -> dict[str, str]:
        found = funnel(session, scene.cohort.id, moment)
        return {r.code: r.commitment.state for r in found.regions}

    assert states(at(2022, 11, 5)) == dict.fromkeys(("14.08", "32.05", "32.11"), "unknown")
    assert states(at(2022, 11, 20)) == {
        "14.08": "not_signed", "32.05": "unknown", "32.11": "not_signed"}
    assert states(at(2022, 11, 30))["32.11"] == "signed"
    assert states(at(2022, 12, 6))["32.11"] == "withdrawn"


def test_signatories_outside_the_cohort_are_shown_apart(session: Session) -> None:
    scene = pledge_build.a_scene(session)
    directory.a_holder(session, "32.04", "bupati")
    made = pledge_build.offers.offer(
        session, scene.text.id, region_codes=["32.04"], actor=COMMAND, now=pledge_build.NOW)
    pledge_build.signed(session, made.pledges[0])
    found = funnel(session, scene.cohort.id, at(2022, 11, 30))
    assert [r.code for r in found.others] == ["32.04"]
    assert share(found.figure("C", found.invited)) == (0, 2)


def test_attendance_counts_at_a_held_convening_and_not_before_it_is_closed(
    session: Session,
) -> None:
    convening = door.a_door(session)
    guest = door.a_guest(session, convening)
    build.visited(session, convening.cohort, "14.08", now=pledge_build.NOW)
    door.scan(session, convening, guest.code)
    started = start.start(
        session, convening.id, actor=COMMAND, now=door.MORNING + dt.timedelta(hours=1))
    assert funnel(session, started.cohort_id, at(2022, 11, 22)).figure("A").n == 0
    close.close(session, started.id, actor=COMMAND, now=door.MORNING + dt.timedelta(hours=6))
    found = funnel(session, started.cohort_id, at(2022, 11, 22))
    assert share(found.figure("A")) == (1, 1)
    assert found.visitors[0].attended == (1,)
    assert funnel(session, started.cohort_id, at(2022, 11, 20)).figure("A").n == 0


def test_a_day_stands_for_its_last_instant_where_the_cohort_lives(
    session: Session, cohort: Cohort
) -> None:
    day = dt.date(2022, 12, 1)
    moment = moment_of(session, cohort.id, day, NEW_YEAR)
    assert moment == dt.datetime(2022, 12, 1, 16, 59, 59, 999999, tzinfo=dt.UTC)  # 24.00 WIB
    assert moment_of(session, cohort.id, dt.date(2023, 1, 10), NEW_YEAR) == NEW_YEAR
    with pytest.raises(Refusal, match=r"figures\.future"):
        moment_of(session, cohort.id, dt.date(2023, 1, 11), NEW_YEAR)


def test_every_figure_carries_its_day_its_version_and_its_rows(
    session: Session, cohort: Cohort
) -> None:
    found = then(session, cohort)
    for stage in ("V", "J", "A", "C", "S1", "S2", "S3", "I", "P"):
        figure = found.figure(stage)
        assert (figure.as_of, figure.version) == (dt.date(2023, 1, 10), "1.0")
        assert {r.code for r in figure.rows} >= figure.counted
        assert not figure.counted & figure.unknown


def test_a_scan_that_came_in_after_the_closing_counts_from_then_on(session: Session) -> None:
    convening = door.a_door(session)
    siak = door.a_guest(session, convening)
    late = door.a_guest(session, convening, "32.11", name="Tono Contoh")
    build.visited(session, convening.cohort, "14.08", now=pledge_build.NOW)
    phone = door.a_station(session, convening)
    door.scan(session, convening, siak.code, station=phone)
    start.start(session, convening.id, actor=COMMAND, now=door.MORNING + dt.timedelta(hours=1))
    close.close(session, convening.id, actor=COMMAND, now=door.MORNING + dt.timedelta(hours=6))
    door.scan(
        session, convening, late.code, station=phone, now=at(2022, 11, 23),
        claimed_at=door.MORNING)
    before = funnel(session, convening.cohort_id, at(2022, 11, 22))
    after = funnel(session, convening.cohort_id, at(2022, 11, 24))
    assert {r.code for r in before.regions if r.attended} == {"14.08"}
    assert {r.code for r in after.regions if r.attended} == {"14.08", "32.11"}


def test_the_classes_of_what_is_due_are_those_of_follow_through(
    session: Session, cohort: Cohort
) -> None:
    build.verified(session, build.an_item(session, cohort, SIAK), at(2022, 12, 1))
    build.an_item(session, cohort, BANDUNG, due=dt.date(2023, 6, 30))
    found = then(session, cohort)
    assert found.due == follow_up(session, cohort.id, NEW_YEAR)
    assert (found.due.due, found.due.verified) == (1, 1)
