"""What each person keeps. ``actor_id`` is opaque: the kernel knows no staff."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class SavedView(models.Model):
    """Filters, sort and columns of a list under a name, its owner's or shared.

    A shared view is offered to everybody who may open the list; it shows each of them their own
    rows. ``query`` never holds searched words: they may be somebody's name or phone number.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_id = models.UUIDField()
    list_key = models.CharField(max_length=60)
    path = models.CharField(max_length=200)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "workspace_saved_view"
        constraints = [
            models.UniqueConstraint(
                fields=["actor_id", "list_key", "name"], name="workspace_view_name"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="workspace_view_has_name"),
        ]
        indexes = [
            models.Index(
                fields=["list_key"],
                name="workspace_view_shared",
                condition=models.Q(is_shared=True),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ListMemory(models.Model):
    """What somebody chose of a list: its columns, its page size, the view that it opens with."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_id = models.UUIDField()
    list_key = models.CharField(max_length=60)
    columns = ArrayField(models.CharField(max_length=60), default=list)
    size = models.PositiveSmallIntegerField(null=True)
    default_view = models.ForeignKey(
        SavedView, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        db_table = "workspace_list_memory"
        constraints = [
            models.UniqueConstraint(fields=["actor_id", "list_key"], name="workspace_memory_once")
        ]

    def __str__(self) -> str:
        return f"{self.list_key} of {self.actor_id}"
