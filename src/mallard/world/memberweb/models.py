"""How members come in: a code that was sent, a link from the desk, the session that either opens.

Only hashes are kept: a copy of the database opens no door. No row holds an address, a phone or a
name; who somebody is lies with the member.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7

MAX_FAILURES = 5


class WayIn(models.TextChoices):
    CODE = "code", _("One-time code")
    LINK = "link", _("Link from the service desk")
    DEMO = "demo", _("Demonstration")


class SignInCode(models.Model):
    """Somebody asked to come in. ``member`` is None when nobody is known by what they typed: the
    row is made all the same, so that the answer and its effort tell nothing.

    ``token_hash`` ties the code to the browser that asked. ``code_hash`` is keyed, made by the job
    that sends the code; None until then, or when nothing could be sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(
        "members.Member", null=True, on_delete=models.CASCADE, related_name="sign_in_codes"
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    code_hash = models.BinaryField(max_length=32, null=True)
    requested_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at", "id"]
        indexes = [
            models.Index(fields=["member", "-requested_at"], name="memberweb_code_of_member")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(failures__lte=MAX_FAILURES), name="memberweb_code_tries_are_counted"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(code_hash__isnull=False, member__isnull=False),
                name="memberweb_code_used_was_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-in code {self.id}"


class SignInLink(models.Model):
    """A link that the service desk made for a member. Opens once, for some minutes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="sign_in_links"
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None),
                name="memberweb_link_used_or_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(used_at=None, withdrawn_at=None),
                name="memberweb_link_one_open_per_member",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-in link {self.id}"


class MemberSession(models.Model):
    """A browser in which a member is signed in. Apart from staff's sessions in every respect."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="web_sessions"
    )
    token_hash = models.BinaryField(max_length=32, unique=True)
    way_in = models.CharField(max_length=8, choices=WayIn)
    device = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(default=now)
    last_seen_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_seen_at", "id"]
        indexes = [
            models.Index(fields=["member", "-last_seen_at"], name="memberweb_session_of_member")
        ]

    def __str__(self) -> str:
        return f"member session {self.id}"


class CardPhone(models.Model):
    """A phone that makes the code that changes (`card_codes`): part of a session, gone with it.

    ``number`` stands in every code and says nothing of the member. ``secret_sealed`` is the shared
    secret of the digits, under the member's data key; ``public_key`` checks what the phone signs,
    whose private half never leaves it. ``certified_until``: how long tills without a connection
    take its codes, unless they were told otherwise.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(MemberSession, on_delete=models.CASCADE, related_name="card_phones")
    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="card_phones"
    )
    number = models.CharField(max_length=8, unique=True)
    secret_sealed = models.BinaryField()
    public_key = models.BinaryField(max_length=33)
    made_at = models.DateTimeField(default=now)
    certified_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [
            models.Index(fields=["certified_until"], name="memberweb_phone_certified"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(withdrawn_at=None),
                name="memberweb_phone_one_per_session",
            ),
        ]

    def __str__(self) -> str:
        return f"card phone {self.number}"


class CardCodeUse(models.Model):
    """A code that somebody took: whoever took it first may spend once with it, nobody else may.

    One row for each phone and step, so that two tills cannot both take it. ``spent_on`` names the
    act that it paid for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone = models.ForeignKey(CardPhone, on_delete=models.CASCADE, related_name="uses")
    step = models.BigIntegerField()
    member = models.ForeignKey(
        "members.Member", on_delete=models.CASCADE, related_name="card_code_uses"
    )
    caller = models.CharField(max_length=80)
    shown_at = models.DateTimeField(default=now)
    spent_on = models.CharField(max_length=240, blank=True)
    spent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-shown_at", "id"]
        indexes = [
            models.Index(fields=["member", "caller", "-shown_at"], name="memberweb_code_shown"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["phone", "step"], name="memberweb_code_once"),
            models.CheckConstraint(
                condition=Q(spent_on="", spent_at=None)
                | (~Q(spent_on="") & Q(spent_at__isnull=False)),
                name="memberweb_code_spent_on_something",
            ),
        ]

    def __str__(self) -> str:
        return f"code of {self.phone_id} in step {self.step}"
