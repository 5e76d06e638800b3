"""Choices that an operator makes on a screen while Mallard runs: declared by apps, typed, audited.

# in an app's settings.py
STEP_UP_MINUTES = declare_setting(
    "staff.step_up_minutes", _("Confirm again after"), hint=_("…"), default=15,
    minimum=1, maximum=240, unit=_("minutes"),
)

STEP_UP_MINUTES.value              # anywhere, while serving
setting_value("staff.step_up_minutes")
"""

from mallard.kernel.settings.declaration import Setting, declare_setting, setting_value

__all__ = ["Setting", "declare_setting", "setting_value"]
