"""What the kernel itself looks at."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.security.probes import backups, dependencies, doors, files, keys, settings
from mallard.kernel.security.registry import Probe, register_probe


def register() -> None:
    """Make the kernel's probes known."""
    for probe in (
        Probe("dependencies", _("Known holes in packages"), dependencies.known_holes, 10),
        Probe("settings", _("Settings of the environment"), settings.faults_found, 20),
        Probe("doors", _("Open addresses"), doors.open_doors, 30),
        Probe("keys", _("Key ring"), keys.ring, 60),
        Probe("files", _("Rights on files"), files.modes, 70),
        Probe("backups", _("Backups"), backups.age, 80),
    ):
        register_probe(probe)
