"""What the rules of the door refuse. What a scan is answered with ("unknown", "closed", …) is an
outcome that is kept, not a refusal: see tables.CODES."""

REFUSALS = {
    "door.enrolment_over": "The one-use code of a station was used or is older than ten minutes.",
    "door.no_station": "The device holds no station's token.",
    "door.station_revoked": "The device is no longer a station.",
    "door.not_this_station": "The station was not given this right; facts: right (search, undo).",
    "door.no_convening": "A station needs a convening that is still to be closed.",
    "door.client_id": "The identifier a device gave its record is empty or too long.",
    "door.nobody_admitted": "There is no such admission to take back.",
    "door.undone_already": "The admission was taken back before; facts: at.",
    "door.not_inside": "Only who is inside can leave; facts: none.",
    "door.not_outside": "Only who has left can return; facts: none.",
}
