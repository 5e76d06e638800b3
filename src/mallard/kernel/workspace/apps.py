from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "mallard.kernel.workspace"
    label = "workspace"
    verbose_name = _("Workspace")

    def ready(self) -> None:
        from mallard.kernel.help import topics
        from mallard.kernel.ui import finding, navigation
        from mallard.kernel.ui.lists.keeping import register_keeper
        from mallard.kernel.workspace import notifications, settings  # noqa: F401 declares
        from mallard.kernel.workspace.keeper import ListKeeper
        from mallard.kernel.workspace.pages.notifications import bell_of
        from mallard.kernel.workspace.queries import recent_hits

        register_keeper(ListKeeper())
        for kind in (
            notifications.Kind(
                "workspace.export_ready",
                _("Your export “%(list)s” is ready. Rows: %(rows)s."),
                icon="download",
                tone="success",
            ),
            notifications.Kind(
                "workspace.bulk_done",
                _("“%(action)s” is done. Rows changed: %(changed)s of %(rows)s."),
                icon="checks",
                tone="success",
            ),
            notifications.Kind(
                "workspace.bulk_failed",
                _("“%(action)s” stopped before its end. Rows changed: %(changed)s of %(rows)s."),
                icon="alert-circle",
                tone="danger",
            ),
            notifications.Kind(
                "workspace.export_failed",
                _("Your export “%(list)s” could not be made."),
                icon="alert-circle",
                tone="danger",
            ),
        ):
            notifications.register(kind)
        topics.register(
            {
                "workspace": "make-a-list-your-own",
                "workspace:bulk_run": "change-many-rows",
                "workspace:exports": "export-a-list",
                "workspace:new_export": "export-a-list",
                "workspace:recents": "find-anything",
            }
        )
        topics.place("home", "make-a-list-your-own", "change-many-rows", "export-a-list")
        finding.register_recent(recent_hits)
        navigation.register_account_part("workspace/recent_link.html")
        navigation.register_topbar(navigation.TopbarPart("workspace/bell.html", bell_of))
        navigation.register(
            navigation.Entry("settings", _("My exports"), "workspace:exports", order=14)
        )
