"""Sensitive acts ask who it is once more, when the last proof is some time ago.

A page that does something sensitive carries `@step_up` under its `@requires`. Only the act is
asked for, not the form before it: requests that change nothing pass. How somebody proves who they
are is known by the app that owns the accounts; it registers itself.

Nothing that was typed is lost: the page that asks carries the form along and sends it again to the
same address. An uploaded file it cannot carry, so put an upload and its act into two steps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from mallard.kernel.access.guards import SAFE_METHODS

View = TypeVar("View", bound=Callable[..., Any])


class Proofs(Protocol):
    """Whoever knows how people prove who they are."""

    def demand(self, request: HttpRequest) -> HttpResponse | None:
        """The page that asks for a proof, or None when there is a fresh one."""


_proofs: Proofs | None = None


def register_proofs(proofs: Proofs) -> None:
    """Say who asks; the last one counts."""
    global _proofs
    _proofs = proofs


def step_up(view: View) -> View:
    """Let the act of a view run only for somebody who has just proved who they are.

    Machines are not asked: a key is their proof.
    """

    @wraps(view)
    def proven(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method not in SAFE_METHODS and _proofs is not None:
            asked = _proofs.demand(request)
            if asked is not None:
                return asked
        return view(request, *args, **kwargs)

    proven.is_stepped_up = True  # type: ignore[attr-defined]
    return cast(View, proven)
