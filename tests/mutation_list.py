"""The rules of carry-over, each with one way to break it. Texts must stand exactly once."""

from __future__ import annotations

from typing import NamedTuple


class Mutation(NamedTuple):
    """``rule``: what holds, and how it is broken. ``old`` becomes ``new`` in ``path``. ``test``
    names what notices it where the random histories cannot see it: who may, what a form must hold,
    clocks, hashes."""

    rule: str
    path: str
    old: str
    new: str
    test: str = ""


APPEND = "cohorts/actions/_append.py"
AGENDA = "cohorts/actions/agenda.py"
CLOSE = "cohorts/turns/close.py"
DATES = "cohorts/actions/dates.py"
DROPS = "cohorts/actions/drops.py"
FOLLOW = "cohorts/figures/follow_through.py"
LEAVING = "cohorts/actions/_leaving.py"
MOVES = "cohorts/actions/moves.py"
RECORD = "cohorts/actions/record.py"
REOPEN = "cohorts/turns/reopen.py"
SPLITS = "cohorts/actions/splits.py"
STANDING = "cohorts/actions/standing.py"
START = "cohorts/turns/start.py"
TEMPLATES = "cohorts/actions/templates.py"
TURNING = "cohorts/convenings/_turning.py"

CLOSE_TEST = "tests/domain/turns/test_close.py::"
MOVES_TEST = "tests/domain/actions/test_moves.py::"
ITEMS_TEST = "tests/domain/actions/test_items.py::"
FIGURES_TEST = "tests/domain/figures/test_follow_through.py::"
AGENDA_TESTS = "tests/domain/actions/test_agenda.py::"
MEMBERS_TEST = "tests/domain/turns/test_members.py::"
CHAIN = CLOSE_TEST + "test_anybody_can_follow_the_chain_with_nothing_but_sha_256"
CLOCK = CLOSE_TEST + "test_what_is_written_after_a_closing_is_recorded_after_it"
UNSENT = CLOSE_TEST + "test_unsent_scans_are_asked_about"
REOPENED = CLOSE_TEST + "test_opened_again_a_closing_keeps_its_bytes_and_the_next_revision_counts"
TABLE = MOVES_TEST + "test_the_table_of_steps_is_obeyed"
CLAIMANT = MOVES_TEST + "test_nobody_verifies_what_they_claimed"
LOCAL = MOVES_TEST + "test_an_organiser_of_the_region_judges_nothing_of_it"
EVIDENCE = MOVES_TEST + "test_a_claim_comes_with_evidence_and_a_block_with_reason_and_who"
RETURN = MOVES_TEST + "test_a_return_tells_the_owner_why_and_a_withdrawal_tells_nobody"
STALE = MOVES_TEST + "test_two_who_saw_the_same_version_are_told_apart"
DUPLICATE = ITEMS_TEST + "test_a_duplicate_names_a_live_item_of_the_region_that_was_not_due_later"
LEFT = MEMBERS_TEST + "test_who_leaves_leaves_no_denominator"
MERGED = ITEMS_TEST + "test_a_merge_keeps_the_oldest_age_and_the_least_progress"
OVERDUE = ITEMS_TEST + "test_overdue_is_judged_by_the_region_s_own_clock"
AGENDA_TEST = (
    AGENDA_TESTS + "test_what_is_unresolved_stands_on_the_next_planned_convening_at_once_and_once"
)
QUEUE = CLOSE_TEST + "test_an_earlier_planned_convening_is_held_moved_or_cancelled_first"
LATER = CLOSE_TEST + "test_it_is_not_opened_again_once_a_later_one_has_begun"
FIRST_DUE = ITEMS_TEST + "test_the_first_due_date_is_the_original_one_for_ever"
HIDDEN = (
    FIGURES_TEST + "test_a_split_promise_takes_the_class_of_its_least_finished_part"
)
FORGOTTEN = FIGURES_TEST + "test_a_part_that_moved_to_another_cohort_is_not_forgotten"
MOVED_DATE = (
    MEMBERS_TEST + "test_an_extension_moves_along_and_the_original_date_with_it"
)

MUTATIONS = [
    # the carried count
    Mutation("not quorate adds no count: it adds one", RECORD,
             "            Closing.held,\n", ""),
    Mutation("a re-opened closing counts no more: it goes on counting", RECORD,
             "            ClosingItem.unresolved,\n            Reopening.closing_id.is_(None),\n",
             "            ClosingItem.unresolved,\n"),
    Mutation("the count passes on by split and merge: it starts anew", RECORD,
             "return counts(ended, ancestors(session, cohort_id, at))",
             "return {key: len(value) for key, value in ended.items()}"),
    Mutation("convenings count distinct: ancestors are added up", RECORD,
             "            found[item_id] = len(every)",
             "            lots = [ended.get(one, ()) for one in (item_id, *ancestry)]\n"
             "            found[item_id] = sum(map(len, lots))"),
    Mutation("only unresolved items are carried: verified ones too", RECORD,
             "            ClosingItem.unresolved,\n            Reopening.closing_id.is_(None),\n",
             "            Reopening.closing_id.is_(None),\n"),
    Mutation("a past count knows no later split: it does", RECORD,
             "        query = query.where(Lineage.at <= at)", "        pass"),
    Mutation("a closing names the count with itself: without", CLOSE,
             "    ends = int(held)", "    ends = 0"),
    # the agenda
    Mutation("claimed items are unresolved: they are forgotten", STANDING,
             'UNRESOLVED = ("open", "in_progress", "blocked", "claimed")',
             'UNRESOLVED = ("open", "in_progress", "blocked")'),
    Mutation("an item stands on one agenda: on every planned one", AGENDA,
             "    if first is not None and first.id == convening.id:", "    if first is not None:"),
    Mutation("the earliest planned convening carries: the latest", AGENDA,
             "        .order_by(Convening.starts_at, Convening.number)\n        .limit(1)",
             "        .order_by(Convening.starts_at.desc(), Convening.number)\n        .limit(1)"),
    Mutation("a draft is planned: only announced ones carry", AGENDA,
             "Convening.cohort_id == cohort_id, Convening.state.in_(PLANNED)",
             'Convening.cohort_id == cohort_id, Convening.state == "announced"',
             AGENDA_TEST),
    Mutation("with none planned there is the inbox: it is empty", AGENDA,
             "    wanted = [found for found in items_at(session, cohort_id) if found.unresolved]\n"
             "    return _lines(session, cohort_id, wanted, {})",
             "    return []"),
    Mutation("start freezes the agenda: it does not", START,
             "        lines = agenda.freeze(session, convening)", "        lines = 0"),
    Mutation("start waits for an earlier planned one: it does not", TURNING,
             "    if earlier is not None:\n        raise Refusal(\n"
             '            "convenings.earlier_planned"',
             "    if False:\n        raise Refusal(\n            \"convenings.earlier_planned\"",
             QUEUE),
    # close
    Mutation("closing twice is closing once: it is refused", CLOSE,
             '    if convening.state == "closed" and last is not None:', "    if False:"),
    Mutation("an earlier one in progress is closed first: any order", CLOSE,
             "    if earlier is not None:\n        raise", "    if False:\n        raise"),
    Mutation("nothing is closed over incomplete items: it is", CLOSE,
             "    if lacking:", "    if False:"),
    Mutation("a closing holds all items: only the unresolved", CLOSE,
             "    items = items_at(session, cohort.id)\n",
             "    items = [one for one in items_at(session, cohort.id) if one.unresolved]\n"),
    Mutation("unsent scans are asked about: they are not", CLOSE,
             "    if waiting and not despite_unsent:", "    if False:",
             UNSENT),
    Mutation("closing again is the next revision: the first again", CLOSE,
             "    revision = last.revision + 1 if last is not None else 1", "    revision = 1"),
    Mutation("closings are chained: each begins anew", CLOSE,
             "    place, previous = record.end_of_chain(session, cohort.id)",
             '    place, previous = record.end_of_chain(session, cohort.id)[0], ""'),
    Mutation("the hash covers the predecessor: only the bytes", RECORD,
             '    return sha256(previous.encode("ascii") + data)', "    return sha256(data)",
             CHAIN),
    Mutation("what follows a closing is recorded after it: by a slow clock, before", APPEND,
             "    return now if last is None or last < now else last + _TICK", "    return now",
             CLOCK),
    # re-open
    Mutation("re-open stops when a later one has begun: it does not", TURNING,
             "    if later is not None:", "    if False:",
             LATER),
    Mutation("re-open needs a reason: none", REOPEN, "    if not kept:", "    if False:",
             REOPENED),
    # steps of an item
    Mutation("the owner does not verify: may", MOVES,
             '    ("claimed", "verified"): Way("verified", mentor=True',
             '    ("claimed", "verified"): Way("verified", owner=True, mentor=True',
             TABLE),
    Mutation("who claimed does not verify: may", MOVES,
             "    if claimant == actor.id:", "    if False:",
             CLAIMANT),
    Mutation("nobody judges their own region: they do", MOVES,
             "        if found.region_code is not None and found.region_code in actor.regions:",
             "        if False:",
             LOCAL),
    Mutation("a claim needs evidence: none", MOVES,
             '    if to == "claimed" and not proofs:', "    if False:",
             EVIDENCE),
    Mutation("re-opened is verified no more: stays verified", MOVES,
             '        "verified": to == "verified",',
             '        "verified": to == "verified" or before.verified,'),
    Mutation("a return has a note: none", MOVES,
             '    if not note and (way.needs_note or kind == "returned" or to == "blocked"):',
             '    if not note and (way.needs_note or to == "blocked"):',
             RETURN),
    Mutation("on behalf is flagged: it is not", MOVES,
             '    behalf = capacity == "organizer" and way.organizer == "behalf"',
             "    behalf = False",
             TABLE),
    Mutation("a writer names the version seen: nobody looks", APPEND,
             "    if version is not None and version != present.version:", "    if False:",
             STALE),
    Mutation("only head and Sekda act for the region: every office does",
             "cohorts/actions/authority.py",
             "    if office is None or office.role_key not in HEADS or found.region_code is None:",
             "    if office is None or found.region_code is None:",
             TABLE),
    # dropping
    Mutation("a claim is not dropped: it is", DROPS,
             '    if before.status == "claimed":\n        raise Refusal("actions.claimed", '
             "item=before.label)\n    if before.status not in DROPPABLE:",
             '    if before.status not in (*DROPPABLE, "claimed"):'),
    Mutation("the answer was not due later: any", DROPS,
             "        answer.original_due is None or answer.original_due > before.original_due",
             "        False"),
    Mutation("the answer lives: a dropped one will do", DROPS,
             '    if answer.status == "dropped":', "    if False:",
             DUPLICATE),
    Mutation("the answer is of the region: of any", DROPS,
             "    if answer.region_code != before.region_code or same_cohort",
             "    if same_cohort",
             DUPLICATE),
    Mutation("what others stand for does not come back: it does", MOVES,
             '    if found.drop_reason in ("split", "merged", "transferred"):', "    if False:"),
    Mutation("who left does not come back by restoring: does", MOVES,
             '    if found.drop_reason == "left_cohort" and not is_member(',
             "    if False and not is_member(",
             LEFT),
    # dates, parts, templates
    Mutation("an extension leaves the original date: moves it", DATES,
             "note=reason, due_on=until_on)",
             "note=reason, due_on=until_on, original_due=until_on)",
             FIRST_DUE),
    Mutation("parts keep first_raised: they are young", SPLITS,
             "        first_raised=whole.first_raised,\n", ""),
    Mutation("parts keep the original date: take the extended", SPLITS,
             "        original_due=whole.original_due,", "        original_due=whole.due_on,"),
    Mutation("parts stand where the whole stood: begin anew", SPLITS,
             "        state=whole.status,\n        blocked_by=whole.blocked_by,", ""),
    Mutation("a split has a lineage: none", SPLITS,
             '    replace(session, [before], children, "split", now)\n', ""),
    Mutation("a merge has a lineage: none", SPLITS,
             '    replace(session, parents, child, "merge", now)\n', ""),
    Mutation("merged keeps the earliest date: the latest", SPLITS,
             "    return min((day for day", "    return max((day for day"),
    Mutation("merged keeps the oldest age: the youngest", SPLITS,
             "    eldest = min(parents", "    eldest = max(parents"),
    Mutation("merged stands at the least: at the most finished", SPLITS,
             "    least = min(parents", "    least = max(parents"),
    Mutation("a merge is of one owner: of any", SPLITS,
             "    if len({parent.owner_office_id for parent in parents}) != 1 or",
             "    if False or",
             MERGED),
    Mutation("a template raises once: at every application", TEMPLATES,
             "    for region_code in sorted(set(wanted) - have):",
             "    for region_code in sorted(wanted):"),
    Mutation("a late joiner has its lead time: none", TEMPLATES,
             "    return max(template.due_on, membership.joined_on + "
             "dt.timedelta(days=template.lead_days))",
             "    return template.due_on"),
    # leaving and moving
    Mutation("who leaves drops what is unfinished: leaves it open", LEAVING,
             "        if found.status in DROPPABLE:\n            step(",
             "        if found.status in ():\n            step("),
    Mutation("claims of who leaves may be verified: are dropped", LEAVING,
             "        if found.status in DROPPABLE:\n            step(",
             '        if found.status in (*DROPPABLE, "claimed"):\n            step('),
    Mutation("what moves keeps its age: is young", LEAVING,
             "            first_raised=found.first_raised,\n", ""),
    Mutation("what moves keeps its original date: takes the extended", LEAVING,
             "            original_due=found.original_due,",
             "            original_due=found.due_on,", MOVED_DATE),
    Mutation("what moves is transferred here: is a real drop", LEAVING,
             'drop_reason="transferred",\n             answered_by_id=child)',
             'drop_reason="left_cohort")'),
    # the figures
    Mutation("due is by the original date: by the extended", FOLLOW,
             "        if root.original_due > day:", "        if (root.due_on or day) > day:"),
    Mutation("a part is not a promise of its own: it counts", FOLLOW,
             "        if root.id in family.parts_of_something or root.original_due is None:",
             "        if root.original_due is None:"),
    Mutation("the least finished part decides: the most", FOLLOW,
             'LEAST_FINISHED = ("open", "blocked", "in_progress", "claimed")',
             'LEAST_FINISHED = ("claimed", "in_progress", "blocked", "open")'),
    Mutation("dropped stays in the denominator: is left out", FOLLOW,
             '            return "dropped", dropped[0][1]', "            return None"),
    Mutation("a verified part does not hide a dropped one: does", FOLLOW,
             "        if dropped:", '        if dropped and "verified" not in statuses:',
             HIDDEN),
    Mutation("a duplicate is answered by the other: counts twice", FOLLOW,
             "        if all(leaf.drop_reason in ANSWERED for leaf in leaves):",
             "        if False:"),
    Mutation("a transferred part is not forgotten: is", FOLLOW,
             "        if leaf.drop_reason not in ANSWERED or leaf.id in seen:",
             "        if leaf.drop_reason in ANSWERED:\n            return []\n        if True:",
             FORGOTTEN),
    Mutation("a claim is no verification: counts as one", FOLLOW,
             '        verified=statuses["verified"],',
             '        verified=statuses["verified"] + statuses["claimed"],'),
    Mutation("the past is what was recorded by then: what is known now", STANDING,
             "    return _NOW if at is None else _THEN.params(at=at)", "    return _NOW"),
    Mutation("overdue by the region's clock: by UTC", STANDING,
             "    return now >= clock.end_of_day(found.due_on, zone)",
             '    return now >= clock.end_of_day(found.due_on, "UTC")',
             OVERDUE),
]  # fmt: skip
