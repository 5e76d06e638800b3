"""A person in the programme: record, identities, consents, notes, and where they have been.

Everything personal is sealed under the member's data key (`kernel.secrets`); what must be found
is found by keyed blind indexes, and the one row of readable search terms is `MemberSearch`.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin


class MemberStatus(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    ERASED = "erased", _("Erased")


class Member(models.Model):
    """One membership. Its row is the mutex of everything that touches the member's points.

    ``profile_sealed`` holds JSON ``{field: {"v": value, "origin": …, "at": …}}``: where each fact
    came from is part of the fact. ``merged_into`` points to the survivor; merging moves nothing,
    readers resolve the pointer. An erased member keeps this row, pseudonymous, for the ledger.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=16, unique=True)
    status = models.CharField(max_length=8, choices=MemberStatus, default=MemberStatus.OPEN)
    enrolled_store = models.ForeignKey(
        "malls.Store", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    enrolled_mall = models.ForeignKey(
        "malls.Mall", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    joined_at = models.DateTimeField()
    language = models.CharField(max_length=10, default="zh-hans")
    profile_sealed = models.BinaryField(null=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_members"
    )
    origin = models.CharField(max_length=12, choices=Origin)
    created_at = models.DateTimeField(default=now)
    recorded_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-joined_at", "-id"]
        indexes = [
            models.Index(fields=["-joined_at", "-id"], name="members_by_joined"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="members_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(status=MemberStatus.OPEN, closed_at=None)
                | Q(status__in=[MemberStatus.CLOSED, MemberStatus.ERASED], closed_at__isnull=False),
                name="members_closed_when_not_open",
            ),
            models.CheckConstraint(
                condition=~Q(status=MemberStatus.ERASED) | Q(profile_sealed=None),
                name="members_erased_without_profile",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status == MemberStatus.OPEN


class IdentityKind(models.TextChoices):
    PHONE = "phone", _("Phone")
    CARD = "card", _("Card")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")
    ALIPAY = "alipay", _("Alipay")
    PLATE = "plate", _("Plate")


class Identity(models.Model):
    """Something that a member is known by. One open identity belongs to one member.

    ``blind_full`` and ``blind_last_four`` are keyed hashes of the normalised value: they find, but
    do not tell. Erasing clears them and the sealed value.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=8, choices=IdentityKind)
    value_sealed = models.BinaryField(null=True)
    blind_full = models.BinaryField(null=True, max_length=32)
    blind_last_four = models.BinaryField(null=True, max_length=32)
    verified_at = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=12, choices=Origin)
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "id"]
        verbose_name_plural = "identities"
        indexes = [
            models.Index(fields=["blind_full"], name="members_identity_by_full"),
            models.Index(fields=["blind_last_four"], name="members_identity_by_last_four"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "blind_full"],
                condition=Q(closed_at=None),
                name="members_identity_belongs_to_one",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False)
                | Q(blind_full__isnull=False, value_sealed__isnull=False),
                name="members_open_identity_has_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.member_id}"


class MemberSearch(models.Model):
    """What staff type to find a member, readable because it must be; erasing deletes the row.

    ``terms``: characters and bigrams of Chinese names, words of Latin ones (`kernel.search_text`).
    """

    member = models.OneToOneField(
        Member, on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    terms = SearchVectorField()
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["terms"], name="members_search_terms"),
            models.Index(fields=["birth_month", "birth_day"], name="members_by_birthday"),
        ]

    def __str__(self) -> str:
        return f"search terms of {self.member_id}"


class ConsentPurpose(models.TextChoices):
    PROGRAMME = "programme", _("Membership programme")
    MARKETING = "marketing", _("Offers and news")
    PROFILING = "profiling", _("Personalised recommendations")
    SHARE_WITH_TENANT = "share_with_tenant", _("Sharing with the stores where I buy")
    RESEARCH = "research", _("Surveys and research")


class ConsentChannel(models.TextChoices):
    ANY = "any", _("Any channel")
    SMS = "sms", _("SMS")
    PHONE = "phone", _("Phone call")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")


class Consent(models.Model):
    """A purpose and channel that a member allowed or refused. Append-only: the latest one counts.

    ``proof_sealed`` is what shows it (form number, recording, wording), under the data key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=ConsentPurpose)
    channel = models.CharField(max_length=8, choices=ConsentChannel, default=ConsentChannel.ANY)
    is_granted = models.BooleanField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)
    source = models.CharField(max_length=40)
    proof_sealed = models.BinaryField(null=True)
    origin = models.CharField(max_length=12, choices=Origin)

    class Meta:
        ordering = ["-occurred_at", "-id"]
        indexes = [
            models.Index(
                fields=["member", "purpose", "channel", "-occurred_at", "-id"],
                name="members_latest_consent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel} of {self.member_id}"


class Note(models.Model):
    """What staff wrote about a member, sealed: free text is personal data."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notes")
    body_sealed = models.BinaryField()
    author = models.ForeignKey(
        "staff.StaffUser", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    origin = models.CharField(max_length=12, choices=Origin)
    written_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return f"note on {self.member_id}"


class MemberPresence(models.Model):
    """A store where the member enrolled or bought: what decides which staff may see them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="presences")
    store = models.ForeignKey("malls.Store", on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    receipts = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "presences"
        indexes = [models.Index(fields=["store", "-last_at"], name="members_presence_by_store")]
        constraints = [
            models.UniqueConstraint(fields=["member", "store"], name="members_presence_once"),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="members_presence_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.store_id}"
