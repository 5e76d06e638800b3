"""What can be wrong with a change of a setting."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Forbidden, Invalid, NotFound


class NoSuchSetting(NotFound):
    code = "settings.no_such_setting"
    message = _("There is no such setting.")


class ValueOutOfLimits(Invalid):
    code = "settings.value_out_of_limits"
    message = _("Please choose a value within the limits of this setting.")


class SettingsAreTheGroups(Forbidden):
    code = "settings.settings_are_the_groups"
    message = _("Settings hold for every mall: only staff of the whole group change them.")
