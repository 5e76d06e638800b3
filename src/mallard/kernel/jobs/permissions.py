"""What one may do with background jobs."""

from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.permissions import declare

VIEW_JOB = declare("jobs.view_job", _("See background jobs"))
MANAGE_JOB = declare("jobs.manage_job", _("Try background jobs again or cancel them"))
