"""What can be wrong with the programme's settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, NotFound


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
