"""Refusals of the fraud watch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class AlertNotFound(NotFound):
    code = "watch.alert_not_found"
    message = _("We could not find this alert.")


class AlertDecided(Conflict):
    code = "watch.alert_decided"
    message = _("Somebody has decided this alert already. Please look again.")


class AlertUndecided(Conflict):
    code = "watch.alert_undecided"
    message = _("This alert has not been decided yet.")


class AnotherIsOpen(Conflict):
    code = "watch.another_is_open"
    message = _("A newer alert about the same is open: decide that one.")


class AlertOfAnother(Conflict):
    code = "watch.alert_of_another"
    message = _("%(name)s is looking into this alert.")


class NobodyToFreeze(Conflict):
    code = "watch.nobody_to_freeze"
    message = _("This alert is not about a member, so there are no points to freeze.")


class NotFrozenHere(Conflict):
    code = "watch.not_frozen_here"
    message = _("These points were not frozen from this alert.")


class ReasonNeeded(Invalid):
    code = "watch.reason_needed"
    message = _("Please say why, in 5 to 500 characters.")


class PatternUnknown(NotFound):
    code = "watch.pattern_unknown"
    message = _("There is no such pattern.")


class ThresholdInvalid(Invalid):
    code = "watch.threshold_invalid"
    message = _("Use a whole number between %(least)s and %(most)s.")


class ExemptionInvalid(Invalid):
    code = "watch.exemption_invalid"
    message = _("An exemption ends within two years, and not before tomorrow.")


class ExemptionNotFound(NotFound):
    code = "watch.exemption_not_found"
    message = _("We could not find this exemption.")


class PeopleOnly(Forbidden):
    code = "watch.people_only"
    message = _("A person decides this.")


class TermsNotCounted(Conflict):
    code = "watch.terms_not_counted"
    message = _("It is still being counted what these thresholds would have found.")
