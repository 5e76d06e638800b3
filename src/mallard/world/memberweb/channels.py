"""How a one-time code reaches a member. E-mail is here; an app that sends SMS registers itself.

    register_channel(SmsCodes(), order=10)

The channels are asked in their order until one can reach the member. They run in a job, inside its
transaction: a channel writes what is to be sent, and never sends it there and then.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.db.models import F
from django.utils.translation import gettext, override

from mallard.kernel.access.actor import Actor
from mallard.kernel.mail.errors import AddressInvalid, RecipientErased
from mallard.kernel.mail.services import Content, queue_mail
from mallard.kernel.secrets.services import open_keys
from mallard.world.members.blind import open_identity
from mallard.world.members.models import Identity, IdentityKind, Member


class CodeChannel(Protocol):
    """A way to a member. ``code`` names it in rows."""

    code: str

    def send(self, member: Member, digits: str, *, minutes: int, actor: Actor) -> bool:
        """Queue ``digits``, good for ``minutes``; False when the member has no such address."""


_channels: dict[str, tuple[int, CodeChannel]] = {}


def register_channel(channel: CodeChannel, *, order: int = 100) -> None:
    """Offer a channel; the same code again replaces it. Lower orders are asked first."""
    _channels[channel.code] = (order, channel)


def channels() -> list[CodeChannel]:
    """Every channel, in the order of asking."""
    return [channel for _order, channel in sorted(_channels.values(), key=lambda one: one[0])]


def address_for_codes(member: Member, *, at: dt.datetime | None = None) -> Identity | None:
    """The e-mail that gets a member's codes: the one verified last, else the newest. ``at``: of
    those that were there then."""
    rows = Identity.objects.filter(member=member, kind=IdentityKind.EMAIL, closed_at=None)
    if at is not None:
        rows = rows.filter(created_at__lte=at)
    return rows.order_by(F("verified_at").desc(nulls_last=True), "-id").first()


class MailedCodes:
    """Codes by e-mail, to `address_for_codes`."""

    code = "email"

    def send(self, member: Member, digits: str, *, minutes: int, actor: Actor) -> bool:
        key = open_keys([member.id]).get(member.id)
        row = address_for_codes(member)
        if row is None or key is None:
            return False
        with override(member.language):
            content = Content(
                to=open_identity(row, key),
                subject=gettext("Your code for the member page"),
                text=gettext(
                    "Your code is %(code)s\n\nIt opens your member page for %(minutes)s minutes, "
                    "once. Nobody from the mall will ever ask you for it.\n\nIf you did not ask "
                    "for it, ignore this mail; nobody has come in."
                )
                % {"code": digits, "minutes": minutes},
            )
        try:
            queue_mail(kind="memberweb.code", content=content, actor=actor, personal_of=member.id)
        except (AddressInvalid, RecipientErased):
            return False
        return True


def register() -> None:
    """The channel that is always there."""
    register_channel(MailedCodes())
