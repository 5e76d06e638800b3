from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "mallard.kernel.workspace"
    label = "workspace"
    verbose_name = _("Workspace")

    def ready(self) -> None:
        from mallard.kernel.ui.lists.keeping import register_keeper
        from mallard.kernel.workspace.keeper import ListKeeper

        register_keeper(ListKeeper())
