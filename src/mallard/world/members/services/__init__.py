"""Every write of members: one function per use case."""

from mallard.world.members.services.ageing import close_long_inactive, erase_long_closed
from mallard.world.members.services.batches import (
    Changed,
    MemberChange,
    change_members,
    erase_members,
)
from mallard.world.members.services.consents import give_consent, record_consents, withdraw_consent
from mallard.world.members.services.enrolment import MAX_BATCH, enrol_member, enrol_members
from mallard.world.members.services.fields import retire_field, save_field, set_field_values
from mallard.world.members.services.guardians import (
    note_children,
    record_guardian_consent,
    withdraw_guardian_consent,
)
from mallard.world.members.services.identities import (
    add_identity,
    remove_identity,
    reveal_identity,
    reveal_values,
    verify_identity,
)
from mallard.world.members.services.lifecycle import (
    change_member,
    close_member,
    erase_member,
    reopen_member,
)
from mallard.world.members.services.merging import merge_members, unmerge_member
from mallard.world.members.services.presence import note_presence
from mallard.world.members.services.referrals import (
    end_referral,
    refer_member,
    referral_code_of,
)
from mallard.world.members.services.remarks import remove_note, write_note
from mallard.world.members.services.tags import (
    change_tag,
    make_tag,
    merge_tags,
    restore_tag,
    retire_tag,
    save_tag,
    tag_member,
    tag_members,
    untag_member,
    untag_members,
)
from mallard.world.members.services.whole import change_person

__all__ = [
    "MAX_BATCH",
    "Changed",
    "MemberChange",
    "add_identity",
    "change_member",
    "change_members",
    "change_person",
    "change_tag",
    "close_long_inactive",
    "close_member",
    "end_referral",
    "enrol_member",
    "enrol_members",
    "erase_long_closed",
    "erase_member",
    "erase_members",
    "give_consent",
    "make_tag",
    "merge_members",
    "merge_tags",
    "note_children",
    "note_presence",
    "record_consents",
    "record_guardian_consent",
    "refer_member",
    "referral_code_of",
    "remove_identity",
    "remove_note",
    "reopen_member",
    "restore_tag",
    "retire_field",
    "retire_tag",
    "reveal_identity",
    "reveal_values",
    "save_field",
    "save_tag",
    "set_field_values",
    "tag_member",
    "tag_members",
    "unmerge_member",
    "untag_member",
    "untag_members",
    "verify_identity",
    "withdraw_consent",
    "withdraw_guardian_consent",
    "write_note",
]
