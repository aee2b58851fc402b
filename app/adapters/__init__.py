"""Adapters to the world outside: bytes in or bytes out, no rule of the domain.

Each module is pure where it can be (frozen dataclasses in, bytes out) and implements
a Protocol that its caller declares.
"""
