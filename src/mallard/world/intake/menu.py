"""Where imports appear: the menu and the notifications."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.ui import navigation
from mallard.kernel.workspace import notifications
from mallard.kernel.workspace.notifications import Kind
from mallard.world.intake.permissions import IMPORT_MEMBERS

_KINDS = (
    Kind(
        "intake.import_checked",
        _("Your file of members was tried: see what it would do. Rows: %(rows)s."),
        icon="file-spreadsheet",
        tone="info",
    ),
    Kind(
        "intake.import_done",
        _("Your file of members is taken in. Rows: %(rows)s."),
        icon="file-spreadsheet",
        tone="success",
    ),
    Kind(
        "intake.import_stopped",
        _("The import of your file of members stopped."),
        icon="alert-circle",
        tone="danger",
    ),
    Kind("intake.import_undone", _("The import is undone."), icon="arrow-back-up", tone="success"),
    Kind(
        "intake.undo_refused",
        _("The import cannot be undone: something depends on it by now."),
        icon="alert-triangle",
        tone="warning",
    ),
)


def register() -> None:
    for kind in _KINDS:
        notifications.register(kind)
    navigation.register(
        navigation.Entry("members", _("Imports"), "intake:list", IMPORT_MEMBERS, order=40)
    )
