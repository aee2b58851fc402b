"""What the rules about seats, the waiting list and the reply's details refuse."""

REFUSALS = {
    "convenings.office_unknown": "There is no such office any more, or too many were named.",
    "convenings.seats_none": "An invitation needs a seat for the office or for a post it sends.",
    "convenings.seats_many": "Too many seats for one invitation; facts: most.",
    "convenings.seat_for_post": "The seat is for a post that the office sends: somebody has to be "
    "named for it; facts: post.",
    "convenings.capacity": "A limit of seats is not a number from one upwards; facts: most.",
    "convenings.nobody_comes": "Nobody comes for this seat yet, or a deputy tells it in person.",
    "convenings.companions_many": "More companions than the invitation has seats for; facts: most.",
    "convenings.companion_by_name": "A companion's seat is not handed over: the office names who "
    "comes along.",
}
