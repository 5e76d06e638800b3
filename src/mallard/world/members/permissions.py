"""What one may do with members."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_MEMBER = declare("members.view_member", _("See members"))
VIEW_NAME = declare("members.view_name", _("See members' full names"))
ENROL_MEMBER = declare("members.enrol_member", _("Enrol members"))
CHANGE_MEMBER = declare("members.change_member", _("Change members' profiles and identities"))
CLOSE_MEMBER = declare("members.close_member", _("Close and reopen memberships"))
ERASE_MEMBER = declare("members.erase_member", _("Erase members' personal data"))
ERASE_BY_KEY = declare(
    "members.erase_by_key", _("Erase members over the API, where nobody proves who they are")
)
MERGE_BY_KEY = declare(
    "members.merge_by_key",
    _("Merge members over the API and undo it, where nobody proves who they are"),
)
MERGE_MEMBER = declare("members.merge_member", _("Merge members and undo it"))
REVEAL_IDENTITY = declare("members.reveal_identity", _("Reveal members' identities"))
RECORD_CONSENT = declare("members.record_consent", _("Record members' consents"))
TAG_MEMBER = declare("members.tag_member", _("Tag members"))
WRITE_NOTE = declare("members.write_note", _("Write notes about members"))
VIEW_CONFIDENTIAL = declare("members.view_confidential", _("See confidential fields of members"))
EDIT_FIELD = declare("members.edit_field", _("Make and change custom fields of members"))
VIEW_EVERY_FIELD = declare(
    "members.view_every_field", _("See custom fields that are for other roles only")
)
EDIT_TAG = declare("members.edit_tag", _("Make, change, retire and merge tags"))
EDIT_EVERY_TAG = declare("members.edit_every_tag", _("See and change tags that others own"))
