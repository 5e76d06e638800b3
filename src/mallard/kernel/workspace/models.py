"""What each person keeps. ``actor_id`` is opaque: the kernel knows no staff."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy

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


class Notification(models.Model):
    """Something that one person should know. The sentence is made when it is read, from the
    kind's message and ``params``, in the reader's language; nothing personal belongs in there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "workspace_notification"
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="workspace_notification_of"),
            models.Index(
                fields=["actor_id"],
                name="workspace_notification_unread",
                condition=models.Q(read_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.actor_id}"


class RecentItem(models.Model):
    """A row whose page somebody opened. Only its kind and id: what it is called is asked when it
    is read, with what the reader may see then. Bounded per person; see `services.recents`."""

    pk = models.CompositePrimaryKey("actor_id", "kind", "item_id")
    actor_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    item_id = models.UUIDField()
    opened_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "workspace_recent_item"
        indexes = [
            models.Index(fields=["actor_id", "-opened_at"], name="workspace_recent_of"),
            models.Index(fields=["item_id"], name="workspace_recent_item_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.actor_id}"


class BulkStatus(models.TextChoices):
    RUNNING = "running", pgettext_lazy("bulk action", "Under way")
    DONE = "done", pgettext_lazy("bulk action", "Done")
    FAILED = "failed", pgettext_lazy("bulk action", "Stopped")


class BulkRun(models.Model):
    """Something that one person did to many rows of a list, at once or by a job.

    ``item_ids`` are the rows that were selected, ``changed_ids`` those of them that were changed.
    What was typed besides is sealed under a key of the run's own: it may be words about people.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_id = models.UUIDField()
    action = models.CharField(max_length=60)
    back = models.CharField(max_length=200)
    item_ids = ArrayField(models.UUIDField())
    changed_ids = ArrayField(models.UUIDField(), default=list)
    done_count = models.PositiveIntegerField(default=0)
    params_sealed = models.BinaryField(null=True)
    status = models.CharField(max_length=7, choices=BulkStatus, default=BulkStatus.RUNNING.value)
    failure = models.CharField(max_length=300, blank=True)
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.CASCADE, related_name="undone_by"
    )
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "workspace_bulk_run"
        indexes = [models.Index(fields=["created_at"], name="workspace_bulk_run_at")]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_id}"


class ExportStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("export", "Waiting")
    RUNNING = "running", pgettext_lazy("export", "Running")
    READY = "ready", pgettext_lazy("export", "Ready")
    FAILED = "failed", pgettext_lazy("export", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("export", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("export", "Expired")


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    EXCEL = "xlsx", "Excel"


class ClearPurpose(models.TextChoices):
    """Why a file holds personal data in clear; a code, so that no words name anybody."""

    ASKED = "asked", pgettext_lazy("purpose", "The members asked for it")
    CONTACT = "contact", pgettext_lazy("purpose", "To write to or ring members who consented")
    SERVICE = "service", pgettext_lazy("purpose", "To settle complaints, returns or a recall")
    LAW = "law", pgettext_lazy("purpose", "An authority or a court requires it")
    MOVE = "move", pgettext_lazy("purpose", "To move or check data between systems")


class Export(models.Model):
    """A list that somebody wants as a file, made by a job.

    ``address_sealed`` (filters may hold a searched name) and the file are encrypted under a data
    key of the export's own. ``permissions`` and ``scope_digest`` are what the file was made with:
    it is handed out only while its owner still has them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_id = models.UUIDField()
    list_key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    format = models.CharField(max_length=4, choices=ExportFormat)
    address_sealed = models.BinaryField(null=True)
    columns = ArrayField(models.CharField(max_length=60), default=list)
    status = models.CharField(
        max_length=9, choices=ExportStatus, default=ExportStatus.WAITING.value
    )
    failure = models.CharField(max_length=300, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    is_personal = models.BooleanField(default=False)
    clear_columns = ArrayField(models.CharField(max_length=60), default=list, db_default=[])
    purpose = models.CharField(max_length=8, blank=True, default="", db_default="")
    permission = models.CharField(max_length=80)
    permissions = ArrayField(models.CharField(max_length=80), default=list)
    scope_digest = models.BinaryField(max_length=32, null=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "workspace_export"
        indexes = [
            models.Index(fields=["actor_id", "-id"], name="workspace_export_of"),
            models.Index(
                fields=["expires_at"],
                name="workspace_export_ready",
                condition=models.Q(status="ready"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_key} for {self.actor_id}"
