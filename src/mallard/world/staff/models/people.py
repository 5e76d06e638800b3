"""Who works here, in which roles, on which stores."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Scope
from mallard.kernel.bilingual import BilingualName
from mallard.kernel.clock import now
from mallard.kernel.ids import uuid7
from mallard.kernel.provenance import Origin


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "简体中文"


class Theme(models.TextChoices):
    AUTO = "auto", _("Like the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class StaffUsers(BaseUserManager["StaffUser"]):
    """Finds staff by e-mail, whichever letters it was typed in."""

    def get_by_natural_key(self, username: str | None) -> StaffUser:
        return self.get(email=(username or "").strip().lower())


class StaffUser(AbstractBaseUser):
    """A person who works for the group, a mall, a tenant or a store.

    They sign in with their e-mail, kept in lower case so that there is one spelling of it. What
    they may do comes from their role assignments only: there is no superuser.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(
        _("language"), max_length=10, choices=Language, default=Language.ENGLISH
    )
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(_("may sign in"), default=True)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.STAFF)
    created_at = models.DateTimeField(default=now)

    objects: ClassVar[StaffUsers] = StaffUsers()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="staff_email_is_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class ScopeColumns(models.Model):
    """The stores that a grant reaches: the whole group, or malls, tenants and stores by id.

    Ids in arrays, not links: a scope is read whole on every request and never joined.
    """

    is_group = models.BooleanField(default=False)
    mall_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    tenant_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    store_ids = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def scope(self) -> Scope:
        return Scope(
            is_group=self.is_group,
            mall_ids=frozenset(self.mall_ids),
            tenant_ids=frozenset(self.tenant_ids),
            store_ids=frozenset(self.store_ids),
        )

    @staticmethod
    def columns_of(scope: Scope) -> dict[str, bool | list[UUID]]:
        """The column values that say ``scope``."""
        return {
            "is_group": scope.is_group,
            "mall_ids": sorted(scope.mall_ids),
            "tenant_ids": sorted(scope.tenant_ids),
            "store_ids": sorted(scope.store_ids),
        }


def reaches_somewhere(name: str) -> models.CheckConstraint:
    """A grant on nothing is a mistake: the person would see empty screens and not know why."""
    return models.CheckConstraint(
        condition=models.Q(is_group=True)
        | models.Q(mall_ids__len__gt=0)
        | models.Q(tenant_ids__len__gt=0)
        | models.Q(store_ids__len__gt=0),
        name=name,
    )


class RoleAssignment(ScopeColumns):
    """A role of `roles.py` or a role of the group's own, held by somebody on some stores.

    Withdrawn ones stay, so that one can see later who could do what, and when.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(StaffUser, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=40)
    granted_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [reaches_somewhere("staff_assignment_reaches_somewhere")]

    def __str__(self) -> str:
        return f"{self.role} of {self.user_id}"


class CustomRole(BilingualName):
    """A role that the group made for itself: a name and permissions chosen from the declared ones.

    The built-in roles stay in code (`roles.py`) and can be copied into one of these. ``code`` is
    what assignments name; it begins with `own-`, which no built-in role does. A closed role grants
    nothing any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True, default="")
    permissions = ArrayField(models.CharField(max_length=80), default=list)
    needs_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(BilingualName.Meta):
        ordering = ["id"]
        constraints = [
            *BilingualName.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(code__startswith="own-"), name="staff_own_role_is_marked"
            ),
        ]
