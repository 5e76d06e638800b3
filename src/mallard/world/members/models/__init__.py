"""The tables of members."""

from mallard.world.members.models.fields import (
    CustomField,
    FieldAudience,
    FieldType,
    FieldValue,
)
from mallard.world.members.models.guardians import Child, Ending, GuardianConsent
from mallard.world.members.models.history import MembershipChange, MembershipChangeKind
from mallard.world.members.models.people import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Identity,
    IdentityKind,
    Member,
    MemberPresence,
    MemberSearch,
    MemberStatus,
    Note,
)
from mallard.world.members.models.relations import (
    ReferralCode,
    Relation,
    RelationKind,
    RelationSource,
)
from mallard.world.members.models.tagging import (
    MemberTag,
    Tag,
    TagChange,
    TagCircle,
    TagColour,
)

__all__ = [
    "Child",
    "Consent",
    "ConsentChannel",
    "ConsentPurpose",
    "CustomField",
    "Ending",
    "FieldAudience",
    "FieldType",
    "FieldValue",
    "GuardianConsent",
    "Identity",
    "IdentityKind",
    "Member",
    "MemberPresence",
    "MemberSearch",
    "MemberStatus",
    "MemberTag",
    "MembershipChange",
    "MembershipChangeKind",
    "Note",
    "ReferralCode",
    "Relation",
    "RelationKind",
    "RelationSource",
    "Tag",
    "TagChange",
    "TagCircle",
    "TagColour",
]
