"""Messages to people: from a row of the outbox to words in the recipient's language.

A row holds ids and frozen facts. `letters` knows, for each kind of message, how to read
what it needs and whether it still holds; `compose` renders templates/mail/<kind>/ and
adds the calendar file. Links and one-time codes exist only here, at render time.
"""
