"""What somebody chose instead of a default."""

from __future__ import annotations

from django.db import models

from mallard.kernel.clock import now


class SettingValue(models.Model):
    """A value that differs from the default of its declaration; no row means the default.

    Who changed it, when and from what is in the audit log, written with the row.
    """

    code = models.CharField(primary_key=True, max_length=100)
    value = models.JSONField()
    changed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "settings_value"
