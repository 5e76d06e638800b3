"""Console pages of the ledger."""

from __future__ import annotations

from django.urls import path

from mallard.value.ledger import pages

app_name = "ledger"
urlpatterns = [
    path("funders/", pages.funders, name="funders"),
    path("members/<uuid:member_id>/", pages.member_transfers, name="member_transfers"),
    path("transfers/<uuid:transfer_id>/", pages.transfer, name="transfer"),
]
