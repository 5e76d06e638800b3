"""Files of members that somebody brought, row by row what became of them, saved column matchings.

The file itself lies outside the database, encrypted under a data key of its own whose subject is
the import's id; its name and its header are sealed under the same key.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7


class ImportStatus(models.TextChoices):
    MATCHING = "matching", pgettext_lazy("import", "Columns to be matched")
    CHECKING = "checking", pgettext_lazy("import", "Being tried")
    CHECKED = "checked", pgettext_lazy("import", "Tried, not taken in")
    RUNNING = "running", pgettext_lazy("import", "Being taken in")
    DONE = "done", pgettext_lazy("import", "Taken in")
    STOPPED = "stopped", pgettext_lazy("import", "Stopped")
    CANCELLED = "cancelled", pgettext_lazy("import", "Discarded")
    UNDOING = "undoing", pgettext_lazy("import", "Being undone")
    UNDONE = "undone", pgettext_lazy("import", "Undone")


class ImportMode(models.TextChoices):
    BOTH = "both", _("Enrol new members and update known ones")
    CREATE = "create", _("Only enrol new members")
    UPDATE = "update", _("Only update known members")


class RowAction(models.TextChoices):
    CREATE = "create", pgettext_lazy("import row", "New")
    CHANGE = "change", pgettext_lazy("import row", "Change")
    MERGE = "merge", pgettext_lazy("import row", "Merge")
    UNCHANGED = "unchanged", pgettext_lazy("import row", "Unchanged")
    REFUSED = "refused", pgettext_lazy("import row", "Refused")


class MemberImport(models.Model):
    """One file of members on its way in.

    ``mapping`` says for each column which target it fills (empty: left out). ``rows_done`` counts
    what the present step has dealt with; rows and counter commit together, so a step that was
    killed goes on where it stood. ``counts`` by `RowAction`. ``blockers`` is what stood against an
    undo: ``[{"kind": …, "count": …, "members": [numbers]}]``. ``is_merging``: members whom one row
    names together become one; without it such a row is refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    name_sealed = models.BinaryField(null=True)
    header_sealed = models.BinaryField(null=True)
    digest = models.BinaryField(max_length=32)
    rows_total = models.PositiveIntegerField()
    mapping = models.JSONField(default=list)
    mode = models.CharField(max_length=6, choices=ImportMode, default=ImportMode.BOTH.value)
    is_merging = models.BooleanField(default=False, db_default=False)
    store = models.ForeignKey("malls.Store", models.PROTECT, null=True, related_name="+")
    mall = models.ForeignKey("malls.Mall", models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10, default="zh-hans")
    status = models.CharField(max_length=9, choices=ImportStatus, default="matching")
    problem = models.CharField(max_length=300, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    blockers = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    file_gone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_import"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="intake_import_newest"),
            models.Index(fields=["digest"], name="intake_import_digest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(store=None) | Q(mall=None), name="intake_import_one_place"
            ),
            models.CheckConstraint(
                condition=Q(file_gone_at=None) | Q(name_sealed=None, header_sealed=None),
                name="intake_import_nothing_left_of_file",
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.id}"


class ImportRow(models.Model):
    """What a row of the file would do (dry run) or did (``is_done``).

    ``problems`` are ``[{"code", "target", "params"}]`` and hold no value of the row. The values
    before and after, where a known member changes, are sealed under that member's data key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member_import = models.ForeignKey(MemberImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=9, choices=RowAction)
    is_done = models.BooleanField(default=False)
    is_undone = models.BooleanField(default=False)
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="+")
    problems = models.JSONField(null=True)
    changes_sealed = models.BinaryField(null=True)
    done_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "intake_import_row"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["member_import", "number"], name="intake_row_once"),
            models.CheckConstraint(
                condition=~Q(action=RowAction.REFUSED) | Q(problems__isnull=False),
                name="intake_refused_row_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["member_import", "action"], name="intake_row_by_action"),
        ]

    def __str__(self) -> str:
        return f"row {self.number} of {self.member_import_id}"


class ColumnMatching(models.Model):
    """Columns and their targets under a name. Columns are kept as keyed digests of their headings:
    a file without a header would leave a person's data here otherwise."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60, unique=True)
    columns = models.JSONField(default=dict)
    actor_id = models.UUIDField(null=True)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "intake_column_matching"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
