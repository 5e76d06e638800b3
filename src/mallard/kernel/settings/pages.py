"""The settings page: what is in force, grouped by app, and changing one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.access.step_up import step_up
from mallard.kernel.settings.declaration import (
    Setting,
    declared_setting,
    declared_settings,
    setting_value,
)
from mallard.kernel.settings.errors import NoSuchSetting
from mallard.kernel.settings.forms import SAVED, SettingForm
from mallard.kernel.settings.permissions import CHANGE_SETTING, VIEW_SETTING
from mallard.kernel.settings.services import change_setting, require_whole_group
from mallard.kernel.ui import form_page, formats


@dataclass(frozen=True, slots=True)
class Line:
    """A setting as the page shows it."""

    setting: Setting[Any]
    shown: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """The settings of one app."""

    title: str | Promise
    lines: list[Line] = field(default_factory=list)


@requires(VIEW_SETTING)
@require_safe
def settings_list(request: HttpRequest) -> HttpResponse:
    """Every setting and its value in force."""
    actor = actor_of(request)
    chapters: dict[str, Chapter] = {}
    for setting in declared_settings():
        title = apps.get_app_config(setting.app_label).verbose_name
        chapter = chapters.setdefault(setting.app_label, Chapter(title))
        value = setting_value(setting.code)
        chapter.lines.append(Line(setting, shown(setting, value), value == setting.default))
    context = {
        "chapters": list(chapters.values()),
        "can_change": actor.may(CHANGE_SETTING) and actor.scope.is_group,
    }
    return render(request, "settings/list.html", context)


def shown(setting: Setting[Any], value: Any) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return gettext("On") if value else gettext("Off")
    if isinstance(value, int):
        return f"{formats.number(value)} {setting.unit}".strip()
    if setting.choices is not None:
        return str(setting.choices[value])
    return str(value)


@requires(CHANGE_SETTING)
@require_http_methods(["GET", "POST"])
@step_up
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change one setting."""
    actor = actor_of(request)
    require_whole_group(actor)
    setting = declared_setting(code)
    if setting is None:
        raise NoSuchSetting()
    form = SettingForm(
        request.POST if request.method == "POST" else None,
        setting=setting,
        value=setting_value(code),
    )
    return form_page.respond(
        request,
        form,
        save=lambda data: change_setting(code, value=data["value"], actor=actor),
        title=setting.title,
        done=SAVED,
        next_url=lambda _saved: reverse("settings:list"),
        back_url=reverse("settings:list"),
        back_label=_("Settings"),
    )
