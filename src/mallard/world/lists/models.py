"""Lists of members, who is on them, and each change that was made to them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class MemberList(models.Model):
    """A named set of members that people fill by hand.

    ``owner`` None: a machine made it, and administrators keep it. With ``shared_roles`` or
    ``shared_malls`` others see it: who holds one of the roles, at one of the malls, where named.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    notes = models.CharField(max_length=500, blank=True, default="")
    owner = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    is_shared = models.BooleanField(default=False)
    shared_roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    shared_malls = models.ManyToManyField("malls.Mall", related_name="+", blank=True)
    is_filled_by_all = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=Q(closed_at=None),
                name="lists_open_name_once_per_owner",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="lists_have_a_name"),
            models.CheckConstraint(
                condition=Q(is_shared=True) | Q(is_filled_by_all=False),
                name="lists_filled_by_whom_they_are_shared_with",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ChangeKind(models.TextChoices):
    ADDED = "added", _("Put on the list")
    REMOVED = "removed", _("Taken off the list")


class ChangeSource(models.TextChoices):
    SELECTION = "selection", _("From the members list")
    FILE = "file", _("From a file")
    API = "api", _("By another system")
    RECORD = "record", _("On the member’s page")
    UNDO = "undo", _("Undo")


class ListChange(models.Model):
    """Members who were put on a list or taken off it at one time, by one person, in one way."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member_ids = ArrayField(models.UUIDField(), default=list)
    list = models.ForeignKey(MemberList, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, choices=ChangeKind)
    source = models.CharField(max_length=10, choices=ChangeSource)
    changed_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey("staff.StaffUser", models.PROTECT, null=True, related_name="+")
    changed_by_label = models.CharField(max_length=200, blank=True, default="")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        ordering = ["-changed_at", "-id"]
        indexes = [
            models.Index(fields=["list", "-changed_at", "-id"], name="lists_change_by_list"),
            GinIndex(fields=["member_ids"], name="lists_change_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {len(self.member_ids)} of {self.list_id}"


class ListEntry(models.Model):
    """A member on a list, by the record that was put there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(MemberList, models.CASCADE, related_name="entries")
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="list_entries")
    added_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["list", "member"], name="lists_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.list_id}"
