"""Who on this machine may read the keys and the data."""

from __future__ import annotations

import stat
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from mallard.kernel.database.layout import Layout
from mallard.kernel.environment import environment
from mallard.kernel.health.registry import Finding, failure, warning, well

OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def modes() -> list[Finding]:
    """Keys and passwords are their owner's alone; nobody else writes the data folder or lists the
    database."""
    settings = environment()
    ring = settings.key_ring_path
    layout = Layout(settings.home)
    secret = [ring, ring.with_name("session-secret")]
    secret += [layout.password_file, layout.superuser_password_file]
    found = [finding for path in secret if (finding := _secret(path))]
    if finding := _folder(ring.parent, OTHERS_READ | OTHERS_WRITE):
        found.append(finding)
    for path, refused in ((settings.home, OTHERS_WRITE), (layout.folder, OTHERS_READ)):
        if finding := _folder(path, refused | OTHERS_WRITE):
            found.append(finding)
    return found or [well(_("Only their owner reads the keys and the data."))]


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def _secret(path: Path) -> Finding | None:
    mode = _mode(path)
    if mode is None or not mode & (OTHERS_READ | OTHERS_WRITE):
        return None
    return failure(
        _("%(path)s can be read by others on this machine (%(mode)s)."),
        cause=_("The file was copied or its rights were changed."),
        cure=_("`chmod 600 %(path)s`, and rotate what was in it if others have accounts here."),
        path=str(path),
        mode=oct(mode)[2:],
    )


def _folder(path: Path, refused: int) -> Finding | None:
    mode = _mode(path)
    if mode is None or not mode & refused:
        return None
    return warning(
        _("The folder %(path)s is open to others on this machine (%(mode)s)."),
        cause=_("The folder was made by hand, or its rights were changed."),
        cure=_("`chmod go-rw %(path)s`"),
        path=str(path),
        mode=oct(mode)[2:],
    )
