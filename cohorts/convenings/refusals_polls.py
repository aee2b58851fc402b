"""What the rules of finding a date refuse."""

REFUSALS = {
    "convenings.poll_dates": "A poll has three to six different dates; facts: fewest, most.",
    "convenings.poll_date_past": "A date that is put to the vote lies in the past; facts: day.",
    "convenings.poll_answer_by": "Answers must be due after now and before the first date.",
    "convenings.poll_nobody": "No region is asked.",
    "convenings.poll_not_member": "A region that is asked is no member; facts: region.",
    "convenings.poll_incomplete": "An answer leaves out a date.",
    "convenings.poll_decided": "A date has been chosen.",
    "convenings.poll_cancelled": "The poll has been called off.",
    "convenings.poll_reason": "Calling a poll off needs a reason.",
}
