"""What is refused, in a sentence for the person in front of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class MigrationUnknown(NotFound):
    code = "migration.unknown"
    message = _("There is no such migration.")


class WholeGroupNeeded(Forbidden):
    code = "migration.whole_group_needed"
    message = _("A migration concerns the whole group: its staff alone may do this.")


class WrongMoment(Conflict):
    code = "migration.wrong_moment"
    message = _("The migration is at another step by now: nothing was changed.")


class HeadingsMissing(Invalid):
    code = "migration.headings_missing"
    message = _("The file needs these columns: %(columns)s.")


class NothingInFile(Invalid):
    code = "migration.nothing_in_file"
    message = _("There is no row below the headings.")


class TooManyRows(Invalid):
    code = "migration.too_many_rows"
    message = _("A file may have %(limit)s rows. Please split the migration.")


class NothingToPost(Conflict):
    code = "migration.nothing_to_post"
    message = _("No row of the files can be posted.")


class Unexplained(Conflict):
    code = "migration.unexplained"
    message = _("%(count)s differences are not explained yet.")


class NoControlTotals(Conflict):
    code = "migration.no_control_totals"
    message = _("The control totals of the former system are missing.")


class SamePerson(Forbidden):
    code = "migration.same_person"
    message = _("You signed already: a second person signs too.")


class SpentFrom(Conflict):
    code = "migration.spent_from"
    message = _("It cannot be taken back: points of %(count)s rows were used or are held.")
