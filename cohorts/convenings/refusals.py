"""What the rules of convenings refuse."""

REFUSALS = {
    "convenings.zone_unknown": "The time zone is not one of Indonesia's.",
    "convenings.ends_before_it_starts": "A convening must end after it starts.",
    "convenings.door_hours": "The door must close after it opens, and not before the start.",
    "convenings.reply_by_after_start": "Replies must be due before the convening starts.",
    "convenings.map_address": "The map's address is not a web address.",
    "convenings.phone": "The contact's number is not a telephone number.",
    "convenings.required": "A text that every convening needs is empty; facts: field.",
    "convenings.number_taken": "The cohort has a convening with this number; facts: number.",
    "convenings.before_held": "A planned convening cannot come before one that has begun; "
    "facts: number.",
    "convenings.earlier_planned": "An earlier planned convening must be held, moved or cancelled "
    "first; facts: number, title.",
    "convenings.already_started": "It has begun: its time and place stay as they were.",
    "convenings.not_draft": "Only a draft can be announced; facts: state.",
    "convenings.not_announced": "The convening is not announced (or already over); facts: state.",
    "convenings.not_in_progress": "The convening is not in progress; facts: state.",
    "convenings.not_closed": "The convening is not closed; facts: state.",
    "convenings.not_planned": "Only a planned convening can be cancelled; facts: state.",
    "convenings.later_begun": "A later convening has begun; facts: number.",
    "convenings.reason_missing": "Cancelling needs a reason.",
    "convenings.cancelled": "The convening is cancelled.",
    "convenings.notice_changed": "Who would be told of a move or a cancellation changed since it "
    "was shown; facts: now, how many are written to.",
    "convenings.sessions": "A session is shorter than a minute, or there are too many of them.",
    "convenings.no_roles": "No post was chosen to invite.",
    "convenings.role_unknown": "There is no such post; facts: role.",
    "convenings.changed_since_preview": "Since the preview the number of new invitations changed; "
    "facts: seen, now.",
    "convenings.invitation_withdrawn": "The invitation was withdrawn.",
    "convenings.no_address": "The office has no address to send to.",
    "convenings.reply_deadline_passed": "The deadline is over: declining and handing over remain, "
    "and an organiser may answer on behalf.",
    "convenings.door_closed": "The door has closed: nothing can be answered by link any more.",
    "convenings.handed_over": "The seat has been passed on; revoke that first; facts: name, post.",
    "convenings.name_missing": "Nobody is known to hold the office: a name is needed.",
    "convenings.reason_unknown": "The reason is not one of the list.",
    "convenings.in_person_only": "This invitation cannot be passed on.",
    "convenings.not_one_level_down": "This post may not stand in for the one invited; facts: post.",
    "convenings.twice_at_most": "A seat is passed on twice at most.",
    "convenings.deputy_missing": "No deputy was chosen.",
    "convenings.right_not_held": "A right that the giver does not hold cannot be passed on; facts: "
    "right.",
    "convenings.deputy_may_not_sign": "At this convening a deputy may not sign.",
    "convenings.hand_over_revoked": "The hand-over has been revoked.",
    "convenings.signing_not_handed_over": "This hand-over does not hold the right to sign.",
    "convenings.letter_missing": "There is no surat tugas to accept.",
    "convenings.no_confirmed_contact": "The office has no confirmed address for a code.",
}
