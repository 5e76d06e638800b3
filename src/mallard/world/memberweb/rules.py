"""Pure decisions at the door: whom somebody may mean, what is stored of a secret."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

from mallard.world.members.inputs import MemberRef
from mallard.world.members.rules import NUMBER_KIND, normalise_identity

CODE_DIGITS = 6
MAX_TYPED = 200
_KINDS = ("email", "phone", "card", NUMBER_KIND)
_CODE = re.compile(r"[0-9]{6}")


def possible_refs(typed: str) -> list[MemberRef]:
    """Whom ``typed`` may mean, the likeliest first; none when it has no such form."""
    text = unicodedata.normalize("NFKC", typed).strip()[:MAX_TYPED]
    found = ((kind, normalise_identity(kind, text)) for kind in _KINDS)
    return [MemberRef(kind, value) for kind, value in found if value is not None]


def new_token() -> str:
    """256 random bits, fit for a cookie or an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is stored of a random token."""
    return hashlib.sha256(token.encode()).digest()


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def typed_code(text: str) -> str | None:
    """The six digits that somebody typed, spaces and full-width digits forgiven; None otherwise."""
    squeezed = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    return squeezed if _CODE.fullmatch(squeezed) else None
