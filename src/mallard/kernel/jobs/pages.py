"""The jobs pages: what waits, runs and failed; trying again, cancelling; what runs by the clock."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from mallard.kernel.access.actor import Actor
from mallard.kernel.access.guards import actor_of, requires
from mallard.kernel.errors import DomainError
from mallard.kernel.jobs import queries, services
from mallard.kernel.jobs.errors import NoSuchJob
from mallard.kernel.jobs.permissions import MANAGE_JOB, VIEW_JOB
from mallard.kernel.ui import formats
from mallard.kernel.ui.filters import ChoiceFilter, SearchFilter
from mallard.kernel.ui.lists import Column, Empty, ListPage, Rows
from mallard.kernel.ui.parts import Badge, Fact, Tab, TimelineEntry
from mallard.kernel.ui.templatetags.ui import at

STATES: dict[str, Badge] = {
    "todo": Badge(pgettext_lazy("job", "Waiting"), "info", "clock"),
    "doing": Badge(pgettext_lazy("job", "Running"), "accent", "progress"),
    "succeeded": Badge(pgettext_lazy("job", "Done"), "success", "check"),
    "failed": Badge(pgettext_lazy("job", "Given up"), "danger", "alert-circle"),
    "cancelled": Badge(pgettext_lazy("job", "Cancelled"), "neutral", "ban"),
    "aborted": Badge(pgettext_lazy("job", "Broken off"), "neutral", "ban"),
}
HAPPENINGS: dict[str, str | Promise] = {
    "deferred": pgettext_lazy("job", "Queued"),
    "started": pgettext_lazy("job", "Begun"),
    "deferred_for_retry": pgettext_lazy("job", "Failed; it is tried again later"),
    "failed": pgettext_lazy("job", "Failed; it is given up"),
    "succeeded": pgettext_lazy("job", "Done"),
    "cancelled": pgettext_lazy("job", "Cancelled"),
    "abort_requested": pgettext_lazy("job", "Asked to stop"),
    "aborted": pgettext_lazy("job", "Broken off"),
    "scheduled": pgettext_lazy("job", "Set for a later time"),
    "retried": pgettext_lazy("job", "Tried again by hand"),
}


def _name(job: ProcrastinateJob) -> str:
    return format_html("<code>{}</code>", queries.short_name(job.task_name))


def _state(job: ProcrastinateJob) -> Badge:
    return STATES.get(job.status, Badge(job.status))


def _search(rows: Rows, text: str) -> Rows:
    return rows.filter(task_name__icontains=text)


JOBS = ListPage(
    key="jobs",
    title=_("Background jobs"),
    columns=(
        Column("id", _("Number"), "pk", sort="id"),
        Column("name", _("Job"), _name, sort="task_name"),
        Column("state", _("State"), _state),
        Column("happened", _("Last change"), lambda job: at(job.happened_at), from_width="md"),
        Column(
            "attempts",
            _("Tries"),
            lambda job: formats.number(job.attempts),
            sort="attempts",
            align="end",
            from_width="lg",
        ),
        Column("reason", _("Reason"), "reason", from_width="md"),
    ),
    default_sort="-id",
    filters=(
        SearchFilter(label=_("Name of the job"), search=_search),
        ChoiceFilter(
            "status",
            _("State"),
            choices=[(code, badge.text) for code, badge in STATES.items()],
            column="status",
        ),
    ),
    row_url=lambda job: reverse("jobs:job", args=[job.pk]),
    empty=Empty(_("No jobs"), _("Finished jobs are forgotten after some days."), icon="clock"),
    template="jobs/list.html",
)


def _tabs(current: str) -> list[Tab]:
    return [
        Tab(_("Jobs"), reverse("jobs:jobs"), current == "jobs"),
        Tab(_("By the clock"), reverse("jobs:periodic"), current == "periodic"),
    ]


@requires(VIEW_JOB)
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """Every job that is kept, and how many wait, run and failed."""
    by_state = queries.counts()
    stats = [
        (STATES[status].text, formats.number(count), f"{reverse('jobs:jobs')}?status={status}")
        for status, count in by_state.items()
    ]
    return JOBS.respond(request, queries.jobs(), {"stats": stats, "tabs": _tabs("jobs")})


@requires(VIEW_JOB)
@require_safe
def periodic_list(request: HttpRequest) -> HttpResponse:
    """What runs by the clock: when last, how that went, when next."""
    rows = [(each, STATES.get(each.last_status or "")) for each in queries.periodic_jobs()]
    return render(request, "jobs/periodic.html", {"rows": rows, "tabs": _tabs("periodic")})


@requires(VIEW_JOB)
@require_safe
def job_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job: what it is to do, what happened to it, why it failed."""
    found = queries.jobs().filter(pk=job_id).first()
    if found is None:
        raise NoSuchJob()
    failure = queries.last_failure(job_id)
    entries = [
        TimelineEntry(event.at, HAPPENINGS.get(event.type, event.type), icon="clock")
        for event in queries.events_of(job_id)
        if event.at is not None
    ]
    may = actor_of(request).may(MANAGE_JOB)
    context = {
        "job": found,
        "name": queries.short_name(found.task_name),
        "facts": _facts(found),
        "failure": failure,
        "entries": entries,
        "can_retry": may and found.status == "failed",
        "can_cancel": may and found.status == "todo",
    }
    return render(request, "jobs/job.html", context)


def _facts(job: ProcrastinateJob) -> list[Fact]:
    return [
        Fact(_("State"), _state(job)),
        Fact(_("Number"), job.pk),
        Fact(_("Queue"), job.queue_name),
        Fact(_("Tries"), formats.number(job.attempts)),
        Fact(_("Not before"), at(job.scheduled_at) if job.scheduled_at else ""),
        Fact(_("Input"), ", ".join(f"{key} {value}" for key, value in job.args.items())),
    ]


@requires(MANAGE_JOB)
@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Try a job again that was given up."""
    return _act(request, job_id, services.retry_job, gettext("The job is queued again."))


@requires(MANAGE_JOB)
@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Cancel a job that still waits."""
    return _act(request, job_id, services.cancel_job, gettext("The job is cancelled."))


def _act(
    request: HttpRequest, job_id: int, service: Callable[..., None], done: str
) -> HttpResponse:
    actor: Actor = actor_of(request)
    try:
        service(job_id, actor=actor)
    except NoSuchJob:
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, done)
    return redirect("jobs:job", job_id)
