"""Argon2 for passwords; the adapter of cohorts.directory.accounts.Hasher."""

from __future__ import annotations

import functools

import argon2

_hasher = argon2.PasswordHasher()  # the library's defaults follow RFC 9106, low memory


@functools.cache
def _nobody() -> str:
    """Checked when there is no account, so that the answer takes as long as a wrong password."""
    return _hasher.hash("nobody's password")


class Argon2:
    """Makes and checks password hashes."""

    def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return _hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Return whether ``password`` is the one behind ``stored``; for None take as long."""
        try:
            return _hasher.verify(stored or _nobody(), password) and stored is not None
        except argon2.exceptions.VerificationError:
            return False


argon2_hasher = Argon2()
