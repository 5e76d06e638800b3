"""Pure decisions about staff: one spelling of an e-mail, the form of an API key."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass

KEY_MARK = "mk"
SECRET_BYTES = 32
PREFIX_BYTES = 5

_KEY = re.compile(r"mk_(?P<prefix>[0-9a-f]{10})_(?P<secret>[A-Za-z0-9_\-]{43})")


def normalise_email(text: str) -> str:
    """The one spelling under which somebody signs in: without spaces around, in lower case."""
    return text.strip().lower()


@dataclass(frozen=True, slots=True)
class PlainKey:
    """An API key in the only moment in which anybody may read it."""

    prefix: str
    secret: str

    @property
    def text(self) -> str:
        return f"{KEY_MARK}_{self.prefix}_{self.secret}"


def new_key() -> PlainKey:
    """A fresh key: 256 random bits, and a prefix by which people tell keys apart."""
    return PlainKey(secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES))


def parse_key(text: str) -> PlainKey | None:
    """``text`` as an API key, or None when it has not the form of one."""
    match = _KEY.fullmatch(text)
    return PlainKey(match["prefix"], match["secret"]) if match else None


def digest(secret: str) -> bytes:
    """What is stored of a random secret (key or reset link)."""
    return hashlib.sha256(secret.encode()).digest()
