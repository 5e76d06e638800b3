"""The one way in which a screen shows an identity in full: a reason, the audit's entry, the answer.

Whoever shows a masked identity includes `members/reveal_form.html` beside it, with ``reveal_url``
and ``kind``, and answers that address by `answer_reveal`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from mallard.kernel.errors import Invalid
from mallard.world.members.errors import ReasonNeeded
from mallard.world.members.forms import ReasonForm


def answer_reveal(
    request: HttpRequest,
    reveal: Callable[[str], str],
    *,
    kind: str | Promise,
    title: str,
    back: tuple[str, str | Promise],
) -> HttpResponse:
    """Show what ``reveal`` gives for the reason that was typed; htmx puts it in place of the mask.

    ``reveal`` leaves the audit's entry. Without a reason that counts, the form stays, with what is
    wrong. Without JavaScript the answer is a page of its own, ``title`` above it, ``back`` (address
    and words) leading to where the mask is.
    """
    form = ReasonForm(request.POST)
    back_url, back_label = back
    context: dict[str, Any] = {"kind": kind, "reveal_url": request.path, "title": title}
    context |= {"back_url": back_url, "back_label": back_label}
    try:
        if not form.is_valid():
            raise ReasonNeeded()
        context["value"] = reveal(form.cleaned_data["reason"])
    except Invalid as error:
        context["problem"] = error.sentence
    part = "revealed.html" if request.headers.get("HX-Request") else "revealed_page.html"
    status = 422 if "problem" in context else 200
    return render(request, f"members/{part}", context, status=status)
