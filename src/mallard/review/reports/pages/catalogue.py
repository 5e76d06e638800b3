"""The catalogue of figures as a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mallard.kernel.access.guards import SIGNED_IN, requires
from mallard.kernel.figures import Figure, declared_figures
from mallard.kernel.ui.marks import Text
from mallard.world.staff.roles import ROLES


@dataclass(frozen=True, slots=True)
class OwnedFigures:
    """The figures that one role answers for."""

    role: Text
    figures: list[Figure]


@requires(SIGNED_IN)
def figures(request: HttpRequest) -> HttpResponse:
    """Every figure with its definition, under the role that answers for it."""
    return render(request, "reports/figures.html", {"groups": by_owner(declared_figures())})


def by_owner(figures: list[Figure]) -> list[OwnedFigures]:
    """The figures under their owners, in the order in which roles are listed."""
    return [
        OwnedFigures(role.name, owned)
        for role in ROLES.values()
        if (owned := [one for one in figures if one.owner == role.code])
    ]
