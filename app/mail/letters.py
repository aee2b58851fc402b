"""Which reader belongs to which kind of message, and which facts each kind carries.

| kind | subject | facts |
|---|---|---|
| invitation, invitation_update | invitation | calendar: the frozen facts |
| invitation_test | convening | invitation_id or null; user_id |
| invitation_cancel | invitation | calendar; why: withdrawn or cancelled |
| reply_receipt | invitation | reply_id, answer, calendar or null |
| deputy_link | hand_over | hand_over_id |
| reminder_reply | invitation | step, schedule, until, invitation_id |
| reminder_coming | invitation or hand_over | step, schedule, until, invitation_id |
| announcement | invitation or hand_over | invitation_id; subject_id, text_id: of the words |
| poll_asked, poll_cancelled | poll_ask | - |
| poll_reminder | poll_ask | step, until |
| link_again | contact_point | invitations, hand_overs: ids |
| code | challenge | pledge_id and title, or hand_over_id |
| set_password, password_link | user | generation |
| pledge_offer | pledge | generation |
| pledge_receipt, pledge_notice | signature | - |
| pledge_affirm | affirmation_request | generation |
| closing_digest | closing | office_id |
| item_returned | item | seq: of the event that returned it; office_id |

The worker makes links and codes from these ids; a row never holds one.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.mail import (
    kinds_account,
    kinds_announcements,
    kinds_items,
    kinds_pledge,
    kinds_polls,
    kinds_reminders,
    kinds_replies,
    kinds_tests,
)
from app.mail.compose import Letter
from cohorts.ground.outbox import Message

Reader = Callable[[Session, Message], Letter]

KINDS: dict[str, Reader] = {
    "invitation": kinds_replies.invitation,
    "invitation_test": kinds_tests.invitation,
    "invitation_update": kinds_replies.update,
    "invitation_cancel": kinds_replies.cancel,
    "reply_receipt": kinds_replies.receipt,
    "deputy_link": kinds_replies.deputy,
    "reminder_reply": kinds_reminders.reply,
    "reminder_coming": kinds_reminders.coming,
    "announcement": kinds_announcements.announcement,
    "poll_asked": kinds_polls.asked,
    "poll_reminder": kinds_polls.reminder,
    "poll_cancelled": kinds_polls.cancelled,
    "link_again": kinds_replies.link_again,
    "code": kinds_account.code,
    "set_password": kinds_account.set_password,
    "password_link": kinds_account.set_password,
    "pledge_offer": kinds_pledge.offer,
    "pledge_receipt": kinds_pledge.receipt,
    "pledge_notice": kinds_pledge.notice,
    "pledge_affirm": kinds_pledge.affirm,
    "closing_digest": kinds_items.closing_digest,
    "item_returned": kinds_items.returned,
}
