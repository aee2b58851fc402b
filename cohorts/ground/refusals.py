"""What floor 0 refuses."""

REFUSALS = {
    "ground.not_allowed": "The actor may not do this; facts: reason (a code of access.py).",
    "ground.link_invalid": "The link is unknown, revoked or damaged; the three are not told apart.",
    "ground.too_many": "Throttled; facts: retry_after in seconds.",
    "ground.stale": "Somebody else changed it meanwhile; facts: what changed.",
    "ground.not_found": "There is no such thing, or the actor may not know of it.",
    "ground.file_type": "The upload is not one of the kinds accepted here.",
    "ground.file_size": "The upload is larger than allowed; facts: limit in bytes.",
    "ground.needed": "A text that must be given is empty; the refusal names its field.",
    "ground.too_long": "A text is longer than its column; facts: limit in characters.",
    "ground.text_name": "A text names something unknown in braces; facts: name, allowed.",
    "ground.text_brace": "A brace is not closed or was never opened; facts: near.",
}
