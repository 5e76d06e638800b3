"""What can be wrong with the programme's settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class NoProgramme(NotFound):
    code = "loyalty.no_programme"
    message = _("There is no member programme yet.")


class RuleChangesThePast(Conflict):
    code = "loyalty.rule_changes_the_past"
    message = _("A rule takes effect from now on or later: receipts were already assessed.")


class ProgrammeExists(Conflict):
    code = "loyalty.programme_exists"
    message = _("The group has a member programme already.")


class ProgrammeIsTheGroups(Forbidden):
    code = "loyalty.programme_is_the_groups"
    message = _("The programme is the same in every mall: only staff of the whole group change it.")


class NoSuchRule(NotFound):
    code = "loyalty.no_such_rule"
    message = _("There is no earning rule of that code.")


class RuleMakesNoSense(Invalid):
    code = "loyalty.rule_makes_no_sense"
    message = _("This rule makes no sense as it stands.")
    ends_first = _("A rule ends after it begins.")
    no_budget = _("There is no budget of that code.")
    award_needs_a_limit = _("Say how often these points are given: once a visit, a day, a year …")


class SegmentsNotAvailable(Invalid):
    code = "loyalty.segments_not_available"
    message = _(
        "No member segments are set up here, so no rule can be for one. Choose a tier instead."
    )


class NoSuchSegment(Invalid):
    code = "loyalty.no_such_segment"
    message = _("There is no segment of that name any more.")


class NoSuchTier(Invalid):
    code = "loyalty.no_such_tier"
    message = _("There is no tier of that code.")


class BudgetIsSpent(Conflict):
    code = "loyalty.budget_is_spent"
    message = _("%(used)s points of this budget were given already: the limit cannot be lower.")


class BudgetCodeTaken(Invalid):
    code = "loyalty.code_is_taken"
    message = _("Codes that begin with “rule:” belong to the limits of rules.")


class WhatIfNotFound(NotFound):
    code = "loyalty.what_if_not_found"
    message = _("There is no such what-if.")


class WhatIfBegun(Conflict):
    code = "loyalty.what_if_begun"
    message = _("This what-if has run already; begin another one.")


class WhatIfTooLong(Invalid):
    code = "loyalty.what_if_too_long"
    message = _("A what-if replays at most %(days)s days.")


class TiersChangeThePast(Conflict):
    code = "loyalty.tiers_change_the_past"
    message = _("Tiers change from the day after tomorrow on: earlier days keep what they had.")


class TiersMakeNoSense(Invalid):
    code = "loyalty.tiers_make_no_sense"
    message = _("These tiers make no sense as they stand.")
    too_much_grace = _("Days of grace go from 0 to 180.")
    not_rising = _("A higher tier must take more than the one below it.")
    no_value = _("Say what gives qualifying value, or ask for none.")
    ends_first = _("It ends before it begins: the next business day at the earliest.")


class TierCodeTaken(Conflict):
    code = "loyalty.tier_code_taken"
    message = _("There is a tier of that code already.")


class TierNotBegun(Invalid):
    code = "loyalty.tier_not_begun"
    message = _("This tier begins on %(day)s only.")


class RenamedInThePast(Invalid):
    code = "loyalty.renamed_in_the_past"
    message = _("A name holds from today on or later.")


class OverrideOver(Conflict):
    code = "loyalty.override_over"
    message = _("This given tier has ended or ends today.")
