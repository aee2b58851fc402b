"""The domain of the Living Lab. Floors stand on one another in this order:

ground, directory, programme, convenings, door | actions, pledges, figures, turns.

Nothing in here knows Flask, a request, the clock or the environment: a rule takes a session,
its facts, the actor and the time, and returns an object or raises a Refusal.
"""
