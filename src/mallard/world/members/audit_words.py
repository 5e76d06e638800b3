"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "members.referral_given": pgettext_lazy("audit", "Referrer named"),
        "members.referral_ended": pgettext_lazy("audit", "Referral ended"),
        "members.tag_retired": pgettext_lazy("audit", "Tag retired"),
        "members.tag_restored": pgettext_lazy("audit", "Tag restored"),
        "members.tags_merged": pgettext_lazy("audit", "Tags merged"),
        "members.member_enrolled": pgettext_lazy("audit", "Member enrolled"),
        "members.members_enrolled": pgettext_lazy("audit", "Members enrolled"),
        "members.member_changed": pgettext_lazy("audit", "Member changed"),
        "members.members_changed": pgettext_lazy("audit", "Members changed"),
        "members.member_closed": pgettext_lazy("audit", "Membership closed"),
        "members.member_reopened": pgettext_lazy("audit", "Membership opened again"),
        "members.member_erased": pgettext_lazy("audit", "Member erased"),
        "members.members_erased": pgettext_lazy("audit", "Members erased"),
        "members.members_merged": pgettext_lazy("audit", "Members merged"),
        "members.member_unmerged": pgettext_lazy("audit", "Merge of members undone"),
        "members.member_tagged": pgettext_lazy("audit", "Tag given to a member"),
        "members.member_untagged": pgettext_lazy("audit", "Tag taken from a member"),
        "members.members_tagged": pgettext_lazy("audit", "Tag given to members"),
        "members.members_untagged": pgettext_lazy("audit", "Tag taken from members"),
        "members.tag_saved": pgettext_lazy("audit", "Tag saved"),
        "members.note_written": pgettext_lazy("audit", "Note written"),
        "members.note_removed": pgettext_lazy("audit", "Note removed"),
        "members.identity_added": pgettext_lazy("audit", "Identity added"),
        "members.identity_removed": pgettext_lazy("audit", "Identity removed"),
        "members.identity_revealed": pgettext_lazy("audit", "Identity revealed"),
        "members.children_found": pgettext_lazy("audit", "Members found who are too young"),
        "members.children_grown": pgettext_lazy("audit", "Members no longer too young"),
        "members.guardian_consent_recorded": pgettext_lazy("audit", "Guardian’s consent recorded"),
        "members.guardian_consent_ended": pgettext_lazy("audit", "Guardian’s consent ended"),
        "members.field_saved": pgettext_lazy("audit", "Custom field saved"),
        "members.field_retired": pgettext_lazy("audit", "Custom field retired"),
        "members.field_restored": pgettext_lazy("audit", "Custom field restored"),
    }
)
words.of_subjects(
    {
        "member": pgettext_lazy("audit subject", "Member"),
        "identity": pgettext_lazy("audit subject", "Identity"),
        "tag": pgettext_lazy("audit subject", "Tag"),
        "note": pgettext_lazy("audit subject", "Note"),
        "guardian_consent": pgettext_lazy("audit subject", "Guardian’s consent"),
        "custom_field": pgettext_lazy("audit subject", "Custom field"),
    }
)
words.of_actors(
    {
        "replay of erasures": pgettext_lazy("audit actor", "Replay of erasures"),
        "retention": pgettext_lazy("audit actor", "Retention"),
    }
)
words.of_fields(
    {
        "identity_id": pgettext_lazy("audit field", "Identity"),
        "ending": pgettext_lazy("audit field", "How it ended"),
        "given_on": pgettext_lazy("audit field", "Given on"),
        "merged_into": pgettext_lazy("audit field", "Merged into"),
        "referrer_id": pgettext_lazy("audit field", "Brought by"),
        "shown": pgettext_lazy("audit field", "Shown as"),
        "description": pgettext_lazy("audit field", "Description"),
        "colour": pgettext_lazy("audit field", "Colour"),
        "owner_role": pgettext_lazy("audit field", "Role that owns it"),
        "seen_by": pgettext_lazy("audit field", "Seen by"),
        "put_by": pgettext_lazy("audit field", "Put on by"),
        "type": pgettext_lazy("audit field", "Kind of value"),
        "options": pgettext_lazy("audit field", "Choices"),
        "minimum": pgettext_lazy("audit field", "Least"),
        "maximum": pgettext_lazy("audit field", "Most"),
        "is_required": pgettext_lazy("audit field", "Required"),
        "is_unique": pgettext_lazy("audit field", "Unique"),
        "is_personal": pgettext_lazy("audit field", "Personal"),
        "audience": pgettext_lazy("audit field", "Who sees it"),
        "roles": pgettext_lazy("audit field", "Only for these roles"),
        "order": pgettext_lazy("audit field", "Order"),
    },
    app_label="members",
)
# By number: the log is read by people who may not see names.
words.of_records(
    {"member": words.attribute_of("members.Member", "number")},
    keys={"referrer_id": "member", "spender_id": "member"},
)
