"""The room of signing in: a table of contents.

/auth/sign-in                 GET, POST
/auth/sign-out                POST
/auth/account                 GET         who is signed in, and with which rights
/auth/forgot                  GET, POST   always the same answer
/auth/set-password/<token>    GET, POST   the one-use link
"""

from flask import Blueprint

bp = Blueprint("auth", __name__, url_prefix="/auth")

from app.auth import session, views  # noqa: E402

bp.get("/sign-in")(views.sign_in)
bp.post("/sign-in")(views.sign_in)
bp.post("/sign-out")(views.sign_out)
bp.get("/account")(views.account)
bp.get("/forgot")(views.forgot)
bp.post("/forgot")(views.forgot)
bp.get("/set-password/<token>")(views.set_password)
bp.post("/set-password/<token>")(views.set_password)
bp.record_once(session.register)
