"""A phone as the card page's script makes one, for tests of what it shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mallard.kernel.clock import now
from mallard.world.members.models import Member
from mallard.world.memberweb import card_codes, services
from mallard.world.memberweb.actors import member_actor
from mallard.world.memberweb.models import MemberSession, WayIn
from mallard.world.memberweb.rules import digest


@dataclass
class Phone:
    """Keys, number, secret and certificate of a signed-in phone; its clock may be off."""

    session: MemberSession
    private: ec.EllipticCurvePrivateKey
    number: str
    secret: bytes
    certificate: bytes

    def step(self, off: dt.timedelta = dt.timedelta()) -> int:
        return card_codes.step_at(now() + off)

    def digits(self, off: dt.timedelta = dt.timedelta()) -> str:
        return card_codes.digits_of(self.number, self.secret, self.step(off))

    def qr(self, off: dt.timedelta = dt.timedelta()) -> str:
        signed = card_codes.payload(self.certificate, self.private, self.step(off))
        return card_codes.qr_text(self.digits(off), signed)


def point_of(private: ec.EllipticCurvePrivateKey) -> bytes:
    """The public key as a browser exports it: uncompressed."""
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def a_phone_of(member: Member) -> Phone:
    """The member signs in with a phone and opens the card."""
    made = services.begin_session(member, way_in=WayIn.CODE)
    session = MemberSession.objects.get(token_hash=digest(made.token))
    private = ec.generate_private_key(ec.SECP256R1())
    given = services.provide_phone(session, point_of(private), actor=member_actor(member.id))
    assert given.secret is not None
    return Phone(session, private, given.number, given.secret, given.certificate)
