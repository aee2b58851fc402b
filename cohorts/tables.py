"""Every table of the domain, in one metadata; and what the rooms say and refuse."""

from __future__ import annotations

from sqlalchemy import MetaData

import cohorts.actions.tables
import cohorts.convenings.heard_tables
import cohorts.convenings.letter_tables
import cohorts.convenings.mail_tables
import cohorts.convenings.poll_tables
import cohorts.convenings.seat_tables
import cohorts.convenings.session_tables
import cohorts.convenings.tables
import cohorts.directory.day_tables
import cohorts.directory.tables
import cohorts.door.tables
import cohorts.ground.body
import cohorts.ground.chronicle
import cohorts.ground.codes
import cohorts.ground.files
import cohorts.ground.log
import cohorts.ground.mail_events
import cohorts.ground.outbox
import cohorts.ground.throttle
import cohorts.pledges.tables
import cohorts.programme.tables  # noqa: F401
from cohorts.ground.base import Base

metadata: MetaData = Base.metadata
