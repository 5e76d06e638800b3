"""Refusals about members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class MemberNotFound(NotFound):
    code = "members.not_found"
    message = _("There is no such member, or you may not see them.")


class IdentityNotFound(NotFound):
    code = "members.identity_not_found"
    message = _("The member has no such identity.")


class IdentityTaken(Conflict):
    code = "members.identity_taken"
    message = _("This %(kind)s belongs to another member already.")


class IdentityInvalid(Invalid):
    code = "members.identity_invalid"
    message = _("This %(kind)s is not complete or not well-formed.")


class PaymentCardRefused(Invalid):
    """PCI DSS: a payment card number never enters Mallard, not even in a note."""

    code = "members.payment_card_refused"
    message = _("This looks like a bank card number. Bank card numbers must not be stored here.")


class ProfileInvalid(Invalid):
    code = "members.profile_invalid"


class MemberTooYoung(ProfileInvalid):
    code = "members.too_young"
    message = _(
        "Members are at least %(age)s years old. For a child, a parent may collect points on their"
        " own card."
    )


class EnrolmentInvalid(Invalid):
    code = "members.enrolment_invalid"
    message = _("Enrolment needs a phone number or another identity.")


class TooManyIdentities(Invalid):
    code = "members.too_many_identities"
    message = _("A member has at most %(limit)s identities. Remove one first.")


class MemberNotOpen(Conflict):
    code = "members.not_open"
    message = _("Membership %(number)s is closed or erased. Reopen it first.")


class MemberErased(Conflict):
    code = "members.erased"
    message = _("Membership %(number)s was erased; there is nothing left to show or change.")


class NumberDiffers(Invalid):
    code = "members.number_differs"
    message = _("This is not the number of this member.")


class MemberMerged(Conflict):
    code = "members.merged"
    message = _("Membership %(number)s was merged into another. Undo that, or use the other one.")


class MergeImpossible(Conflict):
    code = "members.merge_impossible"
    message = _("These two memberships cannot be merged.")


class TimelineKindUnknown(Invalid):
    code = "members.timeline_kind_unknown"
    message = _("There is no such kind, or you may not see it.")


class ReasonNeeded(Invalid):
    code = "members.reason_needed"
    message = _("Say in a few words why you need to see this.")


class TagUnknown(Invalid):
    code = "members.tag_unknown"
    message = _("There is no tag “%(tag)s”.")


class TagRetired(Conflict):
    code = "members.tag_retired"
    message = _("The tag “%(tag)s” is retired. Bring it back first, or choose another.")


class TagNotFound(NotFound):
    code = "members.tag_not_found"
    message = _("There is no such tag, or you may not see it.")


class TagNotYours(Forbidden):
    code = "members.tag_not_yours"
    message = _("This tag belongs to somebody else. Ask its owner to change it.")


class TagInvalid(Invalid):
    code = "members.tag_invalid"
    code_taken = _("There is a tag with this code already.")
    name_needed = _("Give it a name in at least one language.")
    owner_needed = _("Say who owns it, when it is only for its owner.")
    put_by_seer = _("Who may not see a tag cannot put it on.")
    mall_needed = _("Choose one of your malls.")
    itself = _("A tag cannot be merged into itself.")
    too_many = _("There are %(limit)s tags already. Retire one first.")
    message = _("Please check what you entered.")


class ReferrerUnknown(Invalid):
    code = "members.referrer_unknown"
    message = _("Nobody has this referral code or member number.")


class ReferralRefused(Conflict):
    code = "members.referral_refused"
    oneself = _("Nobody brings themself.")
    circle = _("This friend brought the other one: both cannot have brought each other.")
    taken = _("It is known already who brought this member.")
    too_late = _("Who brought a member is said within %(days)s days of joining.")
    message = _("This cannot be recorded.")


class ConsentInvalid(Invalid):
    code = "members.consent_invalid"
    message = _(
        "Choose a purpose and a channel from the list, and a time that is not in the future."
    )


class NoteInvalid(Invalid):
    code = "members.note_invalid"
    message = _("A note has between 1 and %(limit)s characters.")


class BatchTooLarge(Invalid):
    code = "members.batch_too_large"
    message = _("At most %(limit)s members at once.")


class PlaceInvalid(Invalid):
    code = "members.place_invalid"
    message = _("Name a store or mall within your scope, by its code.")


class FieldValueInvalid(Invalid):
    code = "members.field_value_invalid"


class FieldValueTaken(Conflict):
    code = "members.field_value_taken"
    message = _("Another member has this value of “%(field)s” already.")


class FieldInvalid(Invalid):
    code = "members.field_invalid"
    code_taken = _("There is a field with this code already.")
    fixed = _("What a field holds cannot be changed. Retire it and make another.")
    options_needed = _("A list needs at least two options, one per line.")
    option_used = _("An option that members have cannot be taken away.")
    too_many = _("There are %(limit)s fields already. Retire one first.")
    personal_audience = _("A personal field is not for everybody.")
    unknown_role = _("There is no such role.")
    unique_type = _("Only a text or a number can be unique.")
    needs_currency = _("Say in which currency, such as CNY.")
    message = _("Please check what you entered.")


class FieldNotFound(NotFound):
    code = "members.field_not_found"
    message = _("There is no such field.")


class NotAChild(Conflict):
    code = "members.not_a_child"
    message = _("A guardian’s consent is for members who are too young by their date of birth.")


class BirthDateMissing(Conflict):
    code = "members.birth_date_missing"
    message = _(
        "The date of birth was taken away. Enter it again first: a guardian’s consent holds until "
        "the birthday on which this member is old enough."
    )


class GuardianConsentStands(Conflict):
    code = "members.guardian_consent_stands"
    message = _("A guardian’s consent stands already. Withdraw it first to record another one.")


class GuardianConsentInvalid(Invalid):
    code = "members.guardian_consent_invalid"
    message = _("Say who gave it and how it was proved, each in 1 to 200 characters.")


class GuardianConsentTooEarly(Invalid):
    code = "members.guardian_consent_day"
    message = _("The day cannot lie in the future or before the member was born.")
