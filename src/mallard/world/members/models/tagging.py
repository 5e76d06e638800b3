"""Tags: words that staff put on members, who owns them, and who put them on or took them off."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.bilingual import BilingualName
from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.members.models.people import Member


class TagColour(models.TextChoices):
    """The palette: the tones in which the console draws short words."""

    NEUTRAL = "neutral", pgettext_lazy("colour", "Grey")
    ACCENT = "accent", pgettext_lazy("colour", "Teal")
    SUCCESS = "success", pgettext_lazy("colour", "Green")
    INFO = "info", pgettext_lazy("colour", "Blue")
    WARNING = "warning", pgettext_lazy("colour", "Yellow")
    DANGER = "danger", pgettext_lazy("colour", "Red")


class TagCircle(models.TextChoices):
    """For whom something about a tag is meant."""

    EVERYBODY = "everybody", _("Everybody who sees members")
    OWNER = "owner", _("Only its owner")


class Tag(BilingualName):
    """A word that staff put on members.

    It belongs to a role or a person, or to nobody in particular; ``mall`` keeps it to the staff of
    one mall. A tag is never deleted: it is retired, or merged into another, which then stands
    for it wherever its code is named.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    description = models.CharField(max_length=300, blank=True, default="", db_default="")
    colour = models.CharField(
        max_length=8, choices=TagColour, default=TagColour.NEUTRAL, db_default="neutral"
    )
    owner_role = models.CharField(max_length=40, blank=True, default="", db_default="")
    owner = models.ForeignKey(
        "staff.StaffUser", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mall = models.ForeignKey(
        "malls.Mall", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_by = models.CharField(
        max_length=10, choices=TagCircle, default=TagCircle.EVERYBODY, db_default="everybody"
    )
    put_by = models.CharField(
        max_length=10, choices=TagCircle, default=TagCircle.EVERYBODY, db_default="everybody"
    )
    created_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_tags"
    )

    class Meta(BilingualName.Meta):
        ordering = ["code"]
        constraints = [
            *BilingualName.Meta.constraints,
            models.CheckConstraint(
                condition=Q(owner_role="") | Q(owner=None), name="members_tag_has_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(seen_by="everybody", put_by="everybody")
                | ~Q(owner_role="")
                | Q(owner__isnull=False),
                name="members_tag_for_its_owner_has_one",
            ),
            models.CheckConstraint(
                condition=Q(seen_by="everybody") | Q(put_by="owner"),
                name="members_tag_is_put_by_who_sees_it",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(retired_at__isnull=False),
                name="members_merged_tag_is_retired",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="members_tag_not_merged_into_itself"
            ),
        ]


class MemberTag(models.Model):
    """A tag on a member."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="member_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="member_tags")
    origin = models.CharField(max_length=12, choices=Origin)
    tagged_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["tagged_at"]
        constraints = [
            models.UniqueConstraint(fields=["member", "tag"], name="members_tag_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.member_id}"


class TagChange(models.Model):
    """That a tag was put on a member or taken off: who, when. Append-only; erasing deletes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tag_changes")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+")
    is_on = models.BooleanField()
    changed_at = models.DateTimeField(default=now)
    origin = models.CharField(max_length=12, choices=Origin)
    changed_by = models.ForeignKey(
        "staff.StaffUser", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_by_label = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [
            models.Index(fields=["member", "-changed_at", "-id"], name="members_tag_change"),
        ]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.member_id}: {self.is_on}"
