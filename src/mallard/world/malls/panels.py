"""What higher apps add to a tenant's page: they register at start-up, this app only asks.

Sales register what was sold and declared, loyalty what it costs; each from ``AppConfig.ready``.
What the reader has no permission for is neither loaded nor shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from mallard.kernel.access.actor import Actor
from mallard.world.malls.models import Store, Tenant


@dataclass(frozen=True, slots=True)
class TenantInView:
    """The tenant whose page is being made, for whom, and those of its stores that they see."""

    tenant: Tenant
    stores: Sequence[Store]
    actor: Actor

    @property
    def is_whole(self) -> bool:
        """Whether the reader sees all of the tenant, not only stores of it: a figure that cannot
        be told store by store is for nobody else."""
        scope = self.actor.scope
        return scope.is_group or self.tenant.pk in scope.tenant_ids


@dataclass(frozen=True, slots=True)
class TenantPanel:
    """A card on a tenant's page. ``load`` returns the context of ``template``, or None to stay
    away; it must show only what the actor's scope allows."""

    key: str
    title: str | Promise
    template: str
    permission: str
    load: Callable[[TenantInView], Mapping[str, Any] | None]
    order: int = 100


_panels: dict[str, TenantPanel] = {}


def register_panel(panel: TenantPanel) -> None:
    """Offer a card; registering the same key again replaces it."""
    _panels[panel.key] = panel


def panels_for(actor: Actor) -> list[TenantPanel]:
    """The cards that the actor may see, in their order."""
    known = sorted(_panels.values(), key=lambda panel: (panel.order, panel.key))
    return [panel for panel in known if actor.may(panel.permission)]
