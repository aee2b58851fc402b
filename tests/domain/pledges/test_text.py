"""The text of a commitment: drafted, published, replaced."""

from __future__ import annotations

import dataclasses
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.ground.access import Actor, Held
from cohorts.ground.canonical import canonical, sha256
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from cohorts.pledges import offers, text
from cohorts.pledges.tables import Pledge, PledgeTarget
from tests.build import pledges as build
from tests.build.pledges import NOW, ORGANISER, WORDS


def test_a_published_text_keeps_its_words_and_its_hash(session: Session) -> None:
    scene = build.a_scene(session)
    told = sha256(canonical(text.canonical_text(scene.text)))
    assert scene.text.sha256 == told
    with pytest.raises(Refusal, match=r"pledges\.text_fixed"):
        text.edit(session, scene.text.id, WORDS, seen=1, actor=ORGANISER, now=NOW)


@pytest.mark.parametrize("change", [
    "UPDATE pledge_text SET title = 'lain'",
    "UPDATE pledge_text SET state = 'draft', sha256 = NULL",
    "UPDATE pledge_target SET target = '9'",
    "DELETE FROM pledge_target",
    "UPDATE pledge SET sha256 = 'x'",
])
def test_the_database_itself_keeps_what_was_published(session: Session, change: str) -> None:
    build.a_scene(session)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
        session.execute(sa.text(change))


def test_targets_are_decimal_strings_and_never_floats(session: Session) -> None:
    scene = build.a_scene(session)
    given = dataclasses.replace(
        WORDS, targets=[dataclasses.replace(WORDS.targets[0], baseline="2,24", target="3,50")])
    draft = text.draft(session, scene.convening.id, given, actor=ORGANISER, now=NOW)
    assert [(t.baseline, t.target) for t in draft.targets] == [("2.24", "3.50")]


@pytest.mark.parametrize("value", ["tiga", "NaN", "Infinity", "1,2,3"])
def test_a_target_with_a_unit_needs_a_number(session: Session, value: str) -> None:
    scene = build.a_scene(session)
    given = dataclasses.replace(
        WORDS, targets=[dataclasses.replace(WORDS.targets[0], target=value)])
    with pytest.raises(Refusal, match=r"pledges\.target_number") as refused:
        text.draft(session, scene.convening.id, given, actor=ORGANISER, now=NOW)
    assert refused.value.facts["row"] == 1


def test_a_draft_that_lacks_something_is_not_published_and_says_what(session: Session) -> None:
    scene = build.a_scene(session)
    empty = dataclasses.replace(WORDS, preamble=" ", clauses=("", " "), targets=())
    draft = text.draft(session, scene.convening.id, empty, actor=ORGANISER, now=NOW)
    with pytest.raises(Refusal) as refused:
        offers.publish(session, draft.id, actor=ORGANISER, now=NOW)
    assert refused.value.facts["missing"] == ["preamble", "clauses", "targets"]


def test_a_cohort_has_one_draft_at_a_time(session: Session) -> None:
    scene = build.a_scene(session)
    text.revise(session, scene.text.id, actor=ORGANISER, now=NOW)
    with pytest.raises(Refusal, match=r"pledges\.draft_exists"):
        text.draft(session, scene.convening.id, WORDS, actor=ORGANISER, now=NOW)


def test_the_second_editor_is_told_that_the_draft_changed(session: Session) -> None:
    scene = build.a_scene(session)
    draft = text.revise(session, scene.text.id, actor=ORGANISER, now=NOW)
    text.edit(session, draft.id, WORDS, seen=1, actor=ORGANISER, now=NOW)
    with pytest.raises(Refusal, match=r"ground\.stale"):
        text.edit(session, draft.id, WORDS, seen=1, actor=ORGANISER, now=NOW)


def test_a_new_version_voids_unsigned_offers_and_asks_the_same_offices_again(
    session: Session,
) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    draft = text.revise(session, scene.text.id, actor=ORGANISER, now=NOW)
    offers.publish(session, draft.id, actor=ORGANISER, now=NOW)
    old = {p.office_id: p for p in session.scalars(
        sa.select(Pledge).where(Pledge.text_id == scene.text.id))}
    new = session.scalars(sa.select(Pledge).where(Pledge.text_id == draft.id)).all()
    assert scene.text.state == "superseded"
    assert signature.pledge.voided_at is None  # what was signed stays as it is
    assert [p.region_code for p in new] == ["14.08"]
    assert old[new[0].office_id].voided_at == NOW
    assert offers.current_for(session, old[new[0].office_id]) is new[0]
    assert new[0].sha256 != old[new[0].office_id].sha256


def test_an_unsent_offer_of_the_former_version_is_superseded(session: Session) -> None:
    scene = build.a_scene(session)
    draft = text.revise(session, scene.text.id, actor=ORGANISER, now=NOW)
    offers.publish(session, draft.id, actor=ORGANISER, now=NOW)
    states = dict(session.execute(
        sa.select(Message.state, sa.func.count()).where(Message.kind == "pledge_offer")
        .group_by(Message.state)).all())
    assert states == {"superseded": 2, "ready": 2}


def test_offering_twice_asks_once(session: Session) -> None:
    scene = build.a_scene(session)
    again = offers.offer(
        session, scene.text.id, region_codes=["32.11", "14.08", "32.04"], actor=ORGANISER, now=NOW)
    assert (len(again.pledges), again.already) == (1, 2)
    posted = session.scalar(
        sa.select(sa.func.count()).where(Message.kind == "pledge_offer"))
    assert posted == 2  # the third region has nobody and no address yet


def test_the_preview_says_who_cannot_be_written_to(session: Session) -> None:
    scene = build.a_scene(session)
    cohort = build.a_cohort(session, "32.11", "32.04")
    other = build.a_text(session, build.a_convening(session, cohort))
    found = offers.candidates(session, other.id, on=NOW.date())
    assert {c.region.code: c.state for c in found} == {"32.04": "no_address", "32.11": "ready"}
    mine = offers.candidates(session, scene.text.id, on=NOW.date())
    assert {c.state for c in mine} == {"offered"}


def test_the_bytes_to_be_signed_name_office_region_words_and_targets(session: Session) -> None:
    scene = build.a_scene(session)
    said = json.loads(scene.pledge.data)
    assert sha256(scene.pledge.data) == scene.pledge.sha256
    assert said["schema"] == "livinglab/pledge@1"
    assert said["office"]["name"] == "Bupati Sumedang"
    assert said["region"] == {"code": "32.11", "name": "Kabupaten Sumedang"}
    assert said["text"]["clauses"] == list(WORDS.clauses)
    assert [t["target"] for t in said["text"]["targets"]] == ["1", "ditetapkan"]


def test_a_voided_offer_answers_no_link_until_it_is_opened_again(session: Session) -> None:
    scene = build.a_scene(session)
    offers.void(session, scene.pledge.id, actor=ORGANISER, now=NOW)
    offers.offer(
        session, scene.text.id, office_ids=[scene.office.id], actor=ORGANISER, now=NOW)
    assert scene.pledge.voided_at is None
    assert scene.pledge.generation == 2


def test_only_a_draft_of_the_own_cohort_is_edited(session: Session) -> None:
    scene = build.a_scene(session)
    stranger = Actor("user", "STRANGER", held=(Held("organizer", "cohort", "OTHERCOHORT00001"),))
    with pytest.raises(Refusal, match=r"ground\.not_allowed"):
        text.revise(session, scene.text.id, actor=stranger, now=NOW)
    assert session.scalar(sa.select(sa.func.count(PledgeTarget.id))) == 2
