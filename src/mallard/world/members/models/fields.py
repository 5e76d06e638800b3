"""Custom fields: what a mall group keeps of its members beside the profile."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.bilingual import BilingualName
from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin
from mallard.world.members.models.people import Member


class FieldType(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Amount of money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of a list")
    MANY = "many", _("Several of a list")
    YES_NO = "yes_no", _("Yes or no")


class FieldAudience(models.TextChoices):
    EVERYBODY = "everybody", _("Everybody who sees members")
    NAMES = "names", _("Whoever sees full names")
    CONFIDENTIAL = "confidential", _("Whoever sees confidential fields")


class CustomField(BilingualName):
    """A fact that a mall group keeps of its members beside the profile; made on a screen.

    ``options`` of lists: ``[{"code", "en", "zh"}]``. ``minimum`` and ``maximum`` bound a number, an
    amount (minor units) or the length of a text. A personal field is sealed under the member's
    data key; its type never changes, and it is retired instead of deleted. With ``roles`` (codes)
    only who holds one of them sees it, within the audience.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=30, unique=True)
    type = models.CharField(max_length=8, choices=FieldType)
    options = models.JSONField(default=list, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    minimum = models.BigIntegerField(null=True, blank=True)
    maximum = models.BigIntegerField(null=True, blank=True)
    is_required = models.BooleanField(default=False)
    is_unique = models.BooleanField(default=False)
    is_personal = models.BooleanField(default=False)
    audience = models.CharField(max_length=12, choices=FieldAudience, default="everybody")
    roles = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    created_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta(BilingualName.Meta):
        ordering = ["order", "code"]
        constraints = [
            *BilingualName.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(is_personal=True, audience="everybody"),
                name="members_personal_field_is_not_for_everybody",
            ),
            models.CheckConstraint(
                condition=Q(is_unique=False) | Q(type__in=["text", "number"]),
                name="members_unique_field_is_text_or_number",
            ),
        ]


class FieldValue(models.Model):
    """A member's value of a custom field, canonical (`fields.clean`): one entry, or several codes.

    A personal one is sealed and ``values`` stays empty. ``unique_key`` is a keyed blind index,
    so that two members cannot have the same value of a field that is unique.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="field_values")
    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="+")
    values = ArrayField(models.CharField(max_length=200), default=list)
    values_sealed = models.BinaryField(null=True)
    unique_key = models.BinaryField(null=True, max_length=32)
    origin = models.CharField(max_length=12, choices=Origin)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "field"], name="members_field_value_once"),
            models.UniqueConstraint(
                fields=["field", "unique_key"], name="members_field_value_unique"
            ),
            models.CheckConstraint(
                condition=Q(values_sealed=None) | Q(values=[]),
                name="members_field_value_clear_or_sealed",
            ),
        ]
        indexes = [
            models.Index(fields=["field", "values"], name="members_field_value_by_value"),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.member_id}"
