"""The member's code that changes every 30 seconds: how it is made, read and checked. Pure.

**Digits** (barcode, or typed): ``77``, the phone's eight-digit number, eight digits of RFC 6238
(TOTP: HMAC-SHA-256, steps of 30 s since 1970). Only the server has the secret, so only it checks.

**QR**: the digits, then one decimal number: the 175 bytes of a signed payload, big-endian, so that
scanners that act as keyboards pass it on. Whoever has our public key checks it, without a
connection, and can make none:

    bytes    what
    1        1 (format)
    1        number of our key
    4        number of the phone
    4        certificate is good until, seconds since 1970
    33       public key of the phone: P-256 point, compressed (SEC 1, 2.3.3)
    64       our signature over `CERTIFICATE` and the 43 bytes so far
    4        step: seconds since 1970 // 30
    64       the phone's signature over `CODE` and the 111 bytes so far

Signatures are ECDSA with P-256 and SHA-256 (FIPS 186-5), r and s as 32 bytes each.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KIND = "card_code"
PREFIX = "77"
NUMBER_DIGITS = 8
MAC_DIGITS = 8
DIGITS = len(PREFIX) + NUMBER_DIGITS + MAC_DIGITS
STEP_SECONDS = 30
WINDOW = 1
"""Steps before and after the present one that are good, too."""
MOST_CHARACTERS = 480
SECRET_BYTES = 32

FORMAT = 1
CERTIFICATE = b"mallard card certificate 1\x00"
CODE = b"mallard card code 1\x00"
_HEAD = struct.Struct(">BBII33s")
_SIGNATURE_BYTES = 64
CERTIFICATE_BYTES = _HEAD.size + _SIGNATURE_BYTES
PAYLOAD_BYTES = CERTIFICATE_BYTES + 4 + _SIGNATURE_BYTES

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ALGORITHM = ec.ECDSA(hashes.SHA256())
_SEPARATORS = re.compile(r"[\s\-]+")


@dataclass(frozen=True, slots=True)
class ReadCode:
    """What a scanner or somebody's fingers gave, in its parts; nothing of it is checked yet."""

    number: str
    mac: str
    signed: bytes | None = None
    """The payload of a QR."""

    @property
    def step(self) -> int | None:
        """The step that the QR says it was made in."""
        return _step_of(self.signed) if self.signed else None


def read_code(text: str) -> ReadCode | None:
    """The parts of a code, spaces and full-width digits forgiven; None when it is none."""
    if len(text) > 2 * MOST_CHARACTERS:
        return None
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not (digits.isascii() and digits.isdigit() and digits.startswith(PREFIX)):
        return None
    number, mac = digits[len(PREFIX) : len(PREFIX) + NUMBER_DIGITS], digits[DIGITS - MAC_DIGITS :]
    if len(digits) == DIGITS:
        return ReadCode(number, mac)
    if not DIGITS < len(digits) <= MOST_CHARACTERS:
        return None
    value = int(digits[DIGITS:])
    if value.bit_length() > PAYLOAD_BYTES * 8 or value >> (PAYLOAD_BYTES - 1) * 8 != FORMAT:
        return None
    payload = value.to_bytes(PAYLOAD_BYTES, "big")
    if _head_of(payload).number != number:
        return None
    return ReadCode(number, mac[:MAC_DIGITS], payload)


def step_at(at: dt.datetime) -> int:
    """The step that ``at`` lies in."""
    return int(at.timestamp()) // STEP_SECONDS


# --- digits


def mac_of(secret: bytes, step: int) -> str:
    """Eight digits of a step (RFC 6238 with SHA-256, RFC 4226 section 5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha256")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**MAC_DIGITS:0{MAC_DIGITS}d}"


def step_of_mac(secret: bytes, mac: str, first: int, last: int) -> int | None:
    """The step from ``first`` to ``last`` of which ``mac`` is, the latest if several; or None."""
    found = None
    for step in range(first, last + 1):
        if hmac.compare_digest(mac_of(secret, step), mac):
            found = step
    return found


def digits_of(number: str, secret: bytes, step: int) -> str:
    """What the phone's barcode says in ``step``."""
    return f"{PREFIX}{number}{mac_of(secret, step)}"


# --- certificates and signatures


@dataclass(frozen=True, slots=True)
class Head:
    """What our certificate says of a phone."""

    key: int
    number: str
    until: dt.datetime
    phone_key: bytes


class CodeFault(Exception):
    """A signed code is not good; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A signed code whose signatures are right, made in ``step``."""

    number: str
    step: int
    until: dt.datetime


def signing_key(material: bytes) -> ec.EllipticCurvePrivateKey:
    """Our private key from 32 bytes that only the key ring knows."""
    return ec.derive_private_key(int.from_bytes(material, "big") % (_ORDER - 1) + 1, _CURVE)


def compressed(point: bytes) -> bytes:
    """A P-256 point (65 or 33 bytes, SEC 1) in 33 bytes. Raises ValueError when it is none."""
    return _encoded(ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point))


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half in 33 bytes."""
    return _encoded(key.public_key())


def _encoded(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def certificate(
    private: ec.EllipticCurvePrivateKey,
    *,
    key: int,
    number: str,
    until: dt.datetime,
    phone_key: bytes,
) -> bytes:
    """That the phone of this number and key is a member's, until then: 107 bytes."""
    head = _HEAD.pack(FORMAT, key, int(number), int(until.timestamp()), phone_key)
    return head + sign(private, CERTIFICATE + head)


def payload(certified: bytes, phone: ec.EllipticCurvePrivateKey, step: int) -> bytes:
    """What a phone signs in ``step``; the phone's own script does the same."""
    body = certified + struct.pack(">I", step)
    return body + sign(phone, CODE + body)


def qr_text(digits: str, signed: bytes) -> str:
    """What the QR says."""
    return f"{digits}{int.from_bytes(signed, 'big')}"


def check_signed(
    signed: bytes,
    keys: Mapping[int, bytes],
    at: dt.datetime,
    *,
    window: int = WINDOW,
    revoked: frozenset[str] = frozenset(),
) -> CheckedCode:
    """What a till does without a connection: it needs our public keys by number, and the clock.

    Raises `CodeFault` with ``unknown_key``, ``forged``, ``expired``, ``revoked`` or ``not_now``.
    """
    checked = check_signatures(signed, keys)
    if checked.until <= at:
        raise CodeFault("expired")
    if checked.number in revoked:
        raise CodeFault("revoked")
    if abs(checked.step - step_at(at)) > window:
        raise CodeFault("not_now")
    return checked


def check_signatures(signed: bytes, keys: Mapping[int, bytes]) -> CheckedCode:
    """Both signatures, whatever the time. Raises `CodeFault`."""
    if len(signed) != PAYLOAD_BYTES or signed[0] != FORMAT:
        raise CodeFault("forged")
    head = _head_of(signed)
    public = keys.get(head.key)
    if public is None:
        raise CodeFault("unknown_key")
    body, proof = signed[:-_SIGNATURE_BYTES], signed[-_SIGNATURE_BYTES:]
    certified, ours = signed[: _HEAD.size], signed[_HEAD.size : CERTIFICATE_BYTES]
    try:
        _verify(public, ours, CERTIFICATE + certified)
        _verify(head.phone_key, proof, CODE + body)
    except (InvalidSignature, ValueError):
        raise CodeFault("forged") from None
    return CheckedCode(head.number, _step_of(signed), head.until)


def sign(private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """ECDSA as r and s of 32 bytes each."""
    r, s = decode_dss_signature(private.sign(message, _ALGORITHM))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _verify(public: bytes, signature: bytes, message: bytes) -> None:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
    key.verify(encode_dss_signature(r, s), message, _ALGORITHM)


def _head_of(signed: bytes) -> Head:
    _format, key, number, until, phone_key = _HEAD.unpack(signed[: _HEAD.size])
    moment = dt.datetime.fromtimestamp(until, tz=dt.UTC)
    return Head(key, f"{number:0{NUMBER_DIGITS}d}", moment, phone_key)


def _step_of(signed: bytes) -> int:
    return int.from_bytes(signed[CERTIFICATE_BYTES : CERTIFICATE_BYTES + 4], "big")


def public_key_of(text: str) -> bytes:
    """A public key as we hand it out (hexadecimal). Raises ValueError."""
    return compressed(bytes.fromhex(text))


def fingerprint_of(public: bytes) -> str:
    """How people compare two keys by eye."""
    return hashlib.sha256(public).hexdigest()[:16]
