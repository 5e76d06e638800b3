"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "intake.file_received": pgettext_lazy("audit", "File for import received"),
        "intake.columns_matched": pgettext_lazy("audit", "Columns of an import matched"),
        "intake.matching_saved": pgettext_lazy("audit", "Matching of columns saved"),
        "intake.check_started": pgettext_lazy("audit", "Check of an import started"),
        "intake.run_started": pgettext_lazy("audit", "Import started"),
        "intake.checked": pgettext_lazy("audit", "Import checked"),
        "intake.done": pgettext_lazy("audit", "Import done"),
        "intake.stopped": pgettext_lazy("audit", "Import stopped"),
        "intake.import_cancelled": pgettext_lazy("audit", "Import cancelled"),
        "intake.undo_started": pgettext_lazy("audit", "Undoing an import started"),
        "intake.undo_refused": pgettext_lazy("audit", "Undoing an import refused"),
        "intake.undone": pgettext_lazy("audit", "Import undone"),
        "intake.result_downloaded": pgettext_lazy("audit", "Report of an import downloaded"),
    }
)
words.of_subjects(
    {
        "import": pgettext_lazy("audit subject", "Import"),
        "column_matching": pgettext_lazy("audit subject", "Matching of columns"),
    }
)
words.of_actors(
    {
        "mallard import members": pgettext_lazy("audit actor", "Command: import members"),
        "expire imported files": pgettext_lazy("audit actor", "Removal of old import files"),
    }
)
words.of_fields(
    {
        "blockers": pgettext_lazy("audit field", "What stood in the way"),
        "create": pgettext_lazy("audit field", "New"),
        "change": pgettext_lazy("audit field", "Changed"),
        "merge": pgettext_lazy("audit field", "Merged"),
        "unchanged": pgettext_lazy("audit field", "Unchanged"),
        "refused": pgettext_lazy("audit field", "Refused"),
        "undone": pgettext_lazy("audit field", "Undone"),
        "kept": pgettext_lazy("audit field", "Kept"),
    },
    app_label="intake",
)
