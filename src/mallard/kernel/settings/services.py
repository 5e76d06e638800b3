"""Changing settings."""

from __future__ import annotations

from django.db import transaction

from mallard.kernel import clock
from mallard.kernel.access.actor import Actor
from mallard.kernel.audit import services as audit
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.settings.declaration import declared_setting
from mallard.kernel.settings.errors import NoSuchSetting, SettingsAreTheGroups, ValueOutOfLimits
from mallard.kernel.settings.locks import lock_settings
from mallard.kernel.settings.models import SettingValue
from mallard.kernel.settings.permissions import CHANGE_SETTING
from mallard.kernel.settings.values import forget_values


def require_whole_group(actor: Actor) -> None:
    """Raise `SettingsAreTheGroups` unless the actor works for the whole group."""
    if not actor.scope.is_group:
        raise SettingsAreTheGroups()


@atomic_retrying
def change_setting(code: str, *, value: bool | int | str, actor: Actor) -> None:
    """Put ``value`` in force; the default is kept by keeping no row.

    Raises `NoSuchSetting`, `ValueOutOfLimits`, `SettingsAreTheGroups`. A value that is in force
    already is no change and leaves no trace.
    """
    actor.require(CHANGE_SETTING)
    require_whole_group(actor)
    setting = declared_setting(code)
    if setting is None:
        raise NoSuchSetting()
    if not setting.fits(value):
        raise ValueOutOfLimits(fields={"value": ValueOutOfLimits.message})
    lock_settings()
    row = SettingValue.objects.filter(pk=code).first()
    before = setting.default if row is None else row.value
    if before == value and type(before) is type(value):
        return
    if value == setting.default:
        SettingValue.objects.filter(pk=code).delete()
    else:
        SettingValue.objects.update_or_create(
            code=code, defaults={"value": value, "changed_at": clock.now()}
        )
    audit.record(
        actor,
        "settings.setting_changed",
        "setting",
        None,
        before={"code": code, "value": before},
        after={"code": code, "value": value},
    )
    forget_values()
    # Again when others can see it: a neighbouring thread may have read the old row meanwhile.
    transaction.on_commit(forget_values)
