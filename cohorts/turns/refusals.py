"""What turns refuse."""

REFUSALS = {
    "turns.earlier_in_progress": "An earlier convening of the cohort is still in progress; facts: "
    "number, title.",
    "turns.incomplete": "Items lack owner, due date or criterion; facts: items (number, title, "
    "missing), count. Nothing has changed.",
    "turns.unsent_scans": "Stations hold scans that they have not sent; facts: stations (name, "
    "unsent), count. Closing may be confirmed in spite of them.",
    "turns.reason_missing": "Opening a closed convening again needs a reason.",
    "turns.already_there": "The region is already a member of the other cohort.",
    "turns.same_cohort": "A region is transferred to another cohort, not to its own.",
}
