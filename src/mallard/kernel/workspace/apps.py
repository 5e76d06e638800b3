from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "mallard.kernel.workspace"
    label = "workspace"
    verbose_name = _("Workspace")

    def ready(self) -> None:
        from mallard.kernel.ui import navigation
        from mallard.kernel.ui.lists.keeping import register_keeper
        from mallard.kernel.workspace import notifications, settings  # noqa: F401 declares
        from mallard.kernel.workspace.keeper import ListKeeper
        from mallard.kernel.workspace.pages.notifications import bell_of

        register_keeper(ListKeeper())
        for kind in (
            notifications.Kind(
                "workspace.export_ready",
                _("Your export “%(list)s” is ready. Rows: %(rows)s."),
                icon="download",
                tone="success",
            ),
            notifications.Kind(
                "workspace.export_failed",
                _("Your export “%(list)s” could not be made."),
                icon="alert-circle",
                tone="danger",
            ),
        ):
            notifications.register(kind)
        navigation.register_topbar(navigation.TopbarPart("workspace/bell.html", bell_of))
        navigation.register(
            navigation.Entry("settings", _("My exports"), "workspace:exports", order=14)
        )
