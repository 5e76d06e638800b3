"""What one may do with tasks."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_TASK = declare("tasks.view_task", _("See one's own tasks and those of one's role"))
VIEW_EVERY_TASK = declare("tasks.view_every_task", _("See every task of one's places"))
OPEN_TASK = declare("tasks.open_task", _("Write tasks for oneself and others"))
WORK_ON_TASK = declare("tasks.work_on_task", _("Take, comment on and finish tasks"))
ASSIGN_TASK = declare("tasks.assign_task", _("Assign and cancel the tasks of one's places"))
