"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "lists.list_made": pgettext_lazy("audit", "List of members made"),
        "lists.list_changed": pgettext_lazy("audit", "List of members changed"),
        "lists.list_closed": pgettext_lazy("audit", "List of members closed"),
        "lists.list_reopened": pgettext_lazy("audit", "List of members opened again"),
        "lists.members_added": pgettext_lazy("audit", "Members put on a list"),
        "lists.members_removed": pgettext_lazy("audit", "Members taken off a list"),
        "lists.change_undone": pgettext_lazy("audit", "Change of a list undone"),
    }
)

words.of_subjects(
    {
        "member_list": pgettext_lazy("audit subject", "List of members"),
        "list_change": pgettext_lazy("audit subject", "Change of a list"),
    }
)
words.of_fields(
    {
        "notes": pgettext_lazy("audit field", "Notes"),
        "is_shared": pgettext_lazy("audit field", "Shared"),
        "is_filled_by_all": pgettext_lazy("audit field", "Others may add"),
        "shared_roles": pgettext_lazy("audit field", "Shared with roles"),
        "shared_malls": pgettext_lazy("audit field", "Shared with malls"),
    },
    app_label="lists",
)
