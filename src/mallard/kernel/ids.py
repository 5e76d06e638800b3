"""Identifiers: UUIDv7 for rows, checksummed numbers for people.

Rows carry UUIDv7 (RFC 9562) made by the caller or the database, so that ids sort by time and a
machine may repeat a request under the same id. Numbers that people read aloud are separate and
end in a check digit, so that a mistyped one is refused instead of hitting a stranger.
"""

from __future__ import annotations

import re
import uuid

import uuid_utils

_UUID, _UNKNOWN = uuid.UUID, uuid.SafeUUID.unknown
_new, _set = object.__new__, object.__setattr__


def uuid7() -> uuid.UUID:
    """A new time-ordered identifier.

    Put together here and not by `uuid_utils.compat`, which looks up an enumeration's member for
    each: that takes longer than all the rest, and loading a year makes millions.
    """
    made = _new(_UUID)
    _set(made, "int", uuid_utils.uuid7().int)
    _set(made, "is_safe", _UNKNOWN)
    return made


def check_digit(digits: str) -> str:
    """The Luhn mod 10 check digit (ISO/IEC 7812-1, annex B) of a string of decimal digits."""
    total = 0
    for position, character in enumerate(reversed(digits)):
        value = int(character)
        if position % 2 == 0:
            value *= 2
            if value > 9:
                value -= 9
        total += value
    return str(-total % 10)


def checksummed_number(prefix: str, sequence: int, width: int = 7) -> str:
    """A human-facing number such as ``M00012345``: prefix, zero-padded sequence, check digit."""
    digits = str(sequence).zfill(width)
    return f"{prefix}{digits}{check_digit(digits)}"


def is_checksummed_number(prefix: str, number: str) -> bool:
    """Whether ``number`` has this prefix, decimal digits only, and a right check digit."""
    digits = number.removeprefix(prefix)
    if digits == number and prefix:
        return False
    return (
        len(digits) > 1
        and digits.isascii()
        and digits.isdigit()
        and (check_digit(digits[:-1]) == digits[-1])
    )


def is_payment_card_number(text: str) -> bool:
    """Whether ``text`` looks like a payment card number: 13-19 digits, Luhn-valid.

    Spaces and dashes between the digits are allowed.

    Mallard never stores one (PCI DSS): inputs that match are refused.
    """
    digits = text.replace(" ", "").replace("-", "")
    return 13 <= len(digits) <= 19 and is_checksummed_number("", digits)


# Length and first digits of the cards in use (ISO/IEC 7812 issuer ranges): American Express,
# Diners, JCB, Visa, Mastercard, Discover, UnionPay.
_ISSUED = re.compile(
    r"3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|4\d{12}(?:\d{3})?"
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}"
)


def is_issued_card_number(text: str) -> bool:
    """Whether ``text`` is a card number that an issuer could have given out.

    For codes that machines make (receipt numbers, barcodes): one in ten of them passes the check
    digit by chance, and begins with a date or a country instead of an issuer.
    """
    digits = text.replace(" ", "").replace("-", "")
    return _ISSUED.fullmatch(digits) is not None and is_payment_card_number(digits)
