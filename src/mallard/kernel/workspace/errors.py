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
