"""Refusals."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Forbidden, Invalid, NotFound


class NobodyInParticular(Invalid):
    code = "workspace.nobody"
    message = _("Only a person keeps something of the console.")


class ViewNotFound(NotFound):
    code = "workspace.view_not_found"
    message = _("This view does not exist any more.")


class ViewNotYours(Forbidden):
    code = "workspace.view_not_yours"
    message = _("This view belongs to somebody else. Save one of your own instead.")


class ViewNameNeeded(Invalid):
    code = "workspace.view_name_needed"
    message = _("Please give the view a name of at most 60 characters.")
    taken = _("You have a view with this name already.")


class TooManyViews(Invalid):
    code = "workspace.too_many_views"
    message = _("You keep %(limit)s views of this list already. Please delete one first.")


class ListChoiceInvalid(Invalid):
    code = "workspace.list_choice_invalid"
    message = _("This choice of columns cannot be kept.")


class NothingSelected(Invalid):
    code = "workspace.nothing_selected"
    message = _("Please select rows of the list first.")


class TooManySelected(Invalid):
    code = "workspace.too_many_selected"
    message = _("At most %(limit)s rows can be changed at once. Please narrow the list first.")


class BulkRunNotFound(NotFound):
    code = "workspace.bulk_run_not_found"
    message = _("We could not find what was done.")


class NotUndoable(Invalid):
    code = "workspace.not_undoable"
    message = _("This cannot be taken back any more.")


class ExportNotFound(NotFound):
    code = "workspace.export_not_found"
    message = _("We could not find that export.")


class ExportGone(NotFound):
    code = "workspace.export_gone"
    message = _("This file is not there any more. Please export the list again.")


class AccessChanged(Forbidden):
    code = "workspace.access_changed"
    message = _("What you may see has changed since this file was made. Please export again.")


class SomebodyErased(Forbidden):
    code = "workspace.somebody_erased"
    message = _(
        "Somebody's personal data was erased since this file was made. Please export again."
    )


class NoClearColumns(Invalid):
    code = "workspace.no_clear_columns"
    message = _("These columns hold nothing that your role may reveal.")


class PurposeNeeded(Invalid):
    code = "workspace.purpose_needed"
    message = _("Please say why the file holds personal data in clear.")


class OwnerGone(Forbidden):
    code = "workspace.owner_gone"
    message = _("Whoever asked for this export does not work here any more.")


class TooManyRows(Invalid):
    code = "workspace.too_many_rows"
    message = _("A file holds at most %(limit)s rows. Please narrow the list first.")


class TooManyExports(Invalid):
    code = "workspace.too_many_exports"
    message = _("%(limit)s of your exports are under way. Please wait until one is done.")
