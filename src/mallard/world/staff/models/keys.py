"""The keys by which machines come in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.world.staff.models.people import ScopeColumns, StaffUser, reaches_somewhere


class ApiKey(ScopeColumns):
    """A machine's way in, and who answers for it.

    Only the hash is kept: the key is shown once, when it is made.
    The secret is 256 random bits, so a plain SHA-256 is enough (nothing to guess, unlike a
    password) and costs a POS nothing per request.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    permissions = ArrayField(models.CharField(max_length=80), default=list)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        StaffUser, null=True, blank=True, on_delete=models.PROTECT, related_name="api_keys"
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [reaches_somewhere("staff_api_key_reaches_somewhere")]

    def __str__(self) -> str:
        return self.name
