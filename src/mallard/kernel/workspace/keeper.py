"""Keeps for the lists of `kernel.ui` what people choose of them."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.lists.keeping import Kept, Tools
from mallard.kernel.workspace import queries


class ListKeeper:
    """The keeper that this app registers (`ui.lists.keeping.Keeper`)."""

    def kept(self, actor: Actor, list_key: str) -> Kept:
        return queries.kept_of_list(actor, list_key)

    def tools(self, list_key: str, *, token: str, address: str, plain_address: str) -> Tools:
        return Tools(
            keep_url=reverse("workspace:keep_columns", args=[list_key]),
            new_view_url=reverse("workspace:new_view"),
            export_url=reverse("workspace:new_export"),
            bulk_url=reverse("workspace:new_bulk"),
            token=token,
            address=address,
            plain_address=plain_address,
        )

    def view_url(self, view_id: UUID) -> str:
        return reverse("workspace:view", args=[view_id])
