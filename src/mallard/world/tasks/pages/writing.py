"""Writing a task by hand, and telling what is wrong with a page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from mallard.kernel.access.guards import SIGNED_IN, actor_of, requires
from mallard.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from mallard.kernel.ui.forms import add_refusal
from mallard.kernel.ui.preferences import theme_of
from mallard.world.tasks import queries, services
from mallard.world.tasks.forms import NewTaskForm, ProblemForm, doer_of, end_of_work
from mallard.world.tasks.inputs import ProblemInput, TaskInput
from mallard.world.tasks.permissions import OPEN_TASK, VIEW_TASK
from mallard.world.tasks.subjects import Place, Subject, SubjectRef, subject_kind, subjects_for


@requires(OPEN_TASK)
@require_http_methods(["GET", "POST"])
def new_task(request: HttpRequest) -> HttpResponse:
    """Write a task; ``?subject=member:<id>`` says what it is about."""
    actor = actor_of(request)
    ref = _subject_ref(request.GET.get("subject", ""))
    subject = _subject(ref, request) if ref else None
    place = _place(ref)
    form = NewTaskForm(
        request.POST or None,
        actor=actor,
        has_place=place != Place(),
        initial={"doer": f"staff:{actor.id}"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_task(_input(form.cleaned_data, ref, place), actor=actor)
        except (Invalid, Conflict, Forbidden) as error:
            if "due_at" in error.fields:
                error.fields["due_on"] = error.fields.pop("due_at")
            add_refusal(form, error)
        else:
            messages.success(request, gettext("The task is open."))
            if queries.visible_tasks(actor).filter(pk=opened.id).exists():
                return redirect("tasks:detail", opened.id)
            return redirect("tasks:list")
    context = {"form": form, "subject": subject}
    return render(request, "tasks/new.html", context, status=422 if form.errors else 200)


def _subject_ref(text: str) -> SubjectRef | None:
    """What ``kind:id`` in the address names. Raises `NotFound` for what names nothing."""
    if not text:
        return None
    code, _colon, id_ = text.partition(":")
    try:
        ref = (code, UUID(id_))
    except ValueError:
        raise NotFound() from None
    if subject_kind(code) is None:
        raise NotFound()
    return ref


def _subject(ref: SubjectRef, request: HttpRequest) -> Subject:
    found = subjects_for([ref], actor_of(request)).get(ref)
    if found is None:
        raise NotFound()
    return found


def _place(ref: SubjectRef | None) -> Place:
    kind = subject_kind(ref[0]) if ref else None
    return kind.place(ref[1]) if kind and ref else Place()


def _input(data: dict[str, Any], ref: SubjectRef | None, place: Place) -> TaskInput:
    assignee_id, role = doer_of(data["doer"])
    kind, _colon, place_id = data.get("place", "").partition(":")
    return TaskInput(
        kind=data["kind"],
        title=data["title"],
        detail=data["detail"],
        subject_kind=ref[0] if ref else "",
        subject_id=ref[1] if ref else None,
        member_id=place.member_id,
        store_id=UUID(place_id) if kind == "store" else place.store_id,
        mall_id=UUID(place_id) if kind == "mall" else place.mall_id,
        assignee_id=assignee_id,
        role=role,
        priority=data["priority"],
        due_at=end_of_work(data["due_on"]) if data["due_on"] else None,
    )


@requires(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def report_problem(request: HttpRequest) -> HttpResponse:
    """Tell the administrators what is wrong with a page."""
    given = {name: request.GET.get(name, "") for name in ("page", "seen")}
    form = ProblemForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        problem = ProblemInput(
            page=data["page"],
            words=data["words"],
            request_id=data["seen"],
            browser=request.headers.get("User-Agent", ""),
            language=get_language() or "",
            theme=theme_of(request),
        )
        try:
            services.report_problem(problem, actor=actor_of(request))
        except (Invalid, Conflict) as error:
            add_refusal(form, error)
        else:
            text = gettext("Thank you. You will hear when it is answered.")
            messages.success(request, text)
            may_look = actor_of(request).may(VIEW_TASK)
            return redirect("tasks:asked" if may_look else "console:home")
    return render(
        request, "tasks/report_problem.html", {"form": form}, status=422 if form.errors else 200
    )
