"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "workspace.view_saved": pgettext_lazy("audit", "View of a list saved"),
        "workspace.view_deleted": pgettext_lazy("audit", "View of a list deleted"),
        "workspace.views_handed_over": pgettext_lazy("audit", "Views of lists handed over"),
        "workspace.bulk_started": pgettext_lazy("audit", "Bulk action started"),
        "workspace.bulk_undone": pgettext_lazy("audit", "Bulk action undone"),
        "workspace.export_requested": pgettext_lazy("audit", "Export asked for"),
        "workspace.export_made": pgettext_lazy("audit", "Export made"),
        "workspace.export_downloaded": pgettext_lazy("audit", "Export downloaded"),
        "workspace.export_revealed": pgettext_lazy("audit", "Export with personal data approved"),
        "workspace.export_cancelled": pgettext_lazy("audit", "Export cancelled"),
    }
)
words.of_subjects(
    {
        "view": pgettext_lazy("audit subject", "View of a list"),
        "bulk_run": pgettext_lazy("audit subject", "Bulk action"),
        "export": pgettext_lazy("audit subject", "Export"),
    }
)
words.of_actors(
    {
        "bulk actions": pgettext_lazy("audit actor", "Bulk actions"),
        "exports": pgettext_lazy("audit actor", "Exports"),
    }
)
words.of_fields(
    {
        "list": pgettext_lazy("audit field", "List"),
        "query": pgettext_lazy("audit field", "Filters and sorting"),
        "is_shared": pgettext_lazy("audit field", "Shared"),
        "from": pgettext_lazy("audit field", "From"),
        "to": pgettext_lazy("audit field", "To"),
        "filters": pgettext_lazy("audit field", "Filters"),
        "in_clear": pgettext_lazy("audit field", "Columns in clear"),
        "is_searched": pgettext_lazy("audit field", "Narrowed"),
    },
    app_label="workspace",
)
