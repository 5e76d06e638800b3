"""Pages of receipts and returns."""

from __future__ import annotations

from django.urls import path

from mallard.value.checkout.pages import receipts, returns

app_name = "checkout"
urlpatterns = [
    path("receipts", receipts.receipts, name="receipts"),
    path("receipts/<uuid:receipt_id>", receipts.receipt, name="receipt"),
    path("receipts/<uuid:receipt_id>/return", returns.return_goods, name="return_goods"),
    path("returns", returns.returns, name="returns"),
    path("returns/waiting", returns.pending_returns, name="pending_returns"),
]
