"""Codes from a phone (TOTP, RFC 6238: 6 digits, 30 seconds, SHA-1) and codes for a lost phone."""

from __future__ import annotations

import datetime as dt
import io
import re
import secrets

import pyotp
import segno

STEP_SECONDS = 30
DRIFT_STEPS = 1
RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
_CODE = re.compile(r"[0-9]{6}")


def new_secret() -> str:
    """160 random bits, as RFC 4226 recommends, in base32."""
    return pyotp.random_base32(length=32)


def address_of(secret: str, *, account: str, issuer: str) -> str:
    """What the QR says: an ``otpauth://`` address that authenticator apps read."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(
        name=account, issuer_name=issuer
    )


def qr_of(text: str) -> bytes:
    """``text`` as an SVG picture, dark on white in any theme."""
    picture = io.BytesIO()
    segno.make_qr(text, error="m").save(
        picture, kind="svg", scale=5, border=4, dark="#000", light="#fff"
    )
    return picture.getvalue()


def is_code(text: str) -> bool:
    """Whether ``text`` has the form of a code from a phone."""
    return _CODE.fullmatch(squeezed(text)) is not None


def squeezed(text: str) -> str:
    """A typed code without the spaces and dashes that make it readable."""
    return re.sub(r"[\s-]", "", text).lower()


def matching_step(secret: str, code: str, *, at: dt.datetime, after: int) -> int | None:
    """The time step whose code this is, later than ``after``; None when there is none.

    A clock that is one step off is tolerated. A step opens once: ``after`` is the last one used.
    """
    if not is_code(code):
        return None
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        expected = generator.generate_otp(step)
        if secrets.compare_digest(expected, squeezed(code)) and step > after:
            found = step
    return found


def new_recovery_code() -> str:
    """Twelve letters and digits (59 random bits), in groups that people can copy by hand."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))
