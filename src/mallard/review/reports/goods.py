"""The brief of whoever keeps the goods: what sold, and what the catalogue gets wrong about it.

From the months of products (`sales.goods`), never from receipt lines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from django.db.models import F, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from mallard.kernel.ui import formats
from mallard.review.reports.brief import MOST_FINDINGS, Brief, Finding
from mallard.review.reports.trade import TradeView
from mallard.value.sales.goods import months_of_goods
from mallard.world.catalog.models import Product
from mallard.world.catalog.queries import Lack, lacking

_NAMED = 3


def goods_brief(view: TradeView) -> Brief:
    """The month so far in one sentence, and which products to put right."""
    month = view.day.replace(day=1)
    sold = Product.objects.filter(
        pk__in=months_of_goods(view.scope, month).filter(lines__gt=0).values("product")
    )
    found = [one for rule in _RULES for one in rule(view, sold)]
    found.sort(key=lambda one: -one.weight)
    calm = gettext("Nothing to put right: no product was sold after it was taken off sale.")
    return Brief(_sentence(view, month, sold), found[:MOST_FINDINGS], calm)


def _sentence(view: TradeView, month: dt.date, sold: QuerySet[Product]) -> str:
    count = sold.count()
    if not count:
        return gettext("In %(month)s no product that the catalogue knows was sold.") % {
            "month": formats.month(month)
        }
    best = (
        months_of_goods(view.scope, month)
        .values("product")
        .annotate(lines_sold=Sum(F("lines")))
        .order_by("-lines_sold", "product")
        .first()
    )
    parts = {"month": formats.month(month), "count": formats.number(count)}
    sentence = (
        ngettext(
            "In %(month)s %(count)s product was sold.",
            "In %(month)s %(count)s products were sold.",
            count,
        )
        % parts
    )
    if best is not None:
        product = Product.objects.get(pk=best["product"])
        most = ngettext(
            "Most often: %(product)s, on %(lines)s receipt line.",
            "Most often: %(product)s, on %(lines)s receipt lines.",
            best["lines_sold"],
        )
        lines = formats.number(best["lines_sold"])
        sentence += " " + most % {"product": product.name, "lines": lines}
    return sentence


def _no_longer_sold(view: TradeView, sold: QuerySet[Product]) -> Iterator[Finding]:
    """Marked as no longer sold before the month began, and sold all the same."""
    rows = sold.filter(closed_on__lt=view.day.replace(day=1))
    count = rows.count()
    if count:
        text = ngettext(
            "%(count)s product that is no longer sold was sold this month: %(names)s.",
            "%(count)s products that are no longer sold were sold this month: %(names)s.",
            count,
        ) % {"count": formats.number(count), "names": _names(rows, count)}
        why = gettext("By the day from which the catalogue says that they are not.")
        yield Finding("closed-goods", text, why, _first(rows, count), "warning", 90)


def _without_barcode(view: TradeView, sold: QuerySet[Product]) -> Iterator[Finding]:
    rows = lacking(Product.objects.all(), Lack.BARCODE)
    count = rows.count()
    if _is_exception(count):
        text = ngettext(
            "%(count)s product has a variant without a barcode: %(names)s.",
            "%(count)s products have a variant without a barcode: %(names)s.",
            count,
        ) % {"count": formats.number(count), "names": _names(rows, count)}
        why = gettext("A till cannot scan them; somebody types the SKU.")
        yield Finding("no-barcode", text, why, _list(Lack.BARCODE), "info", 50)


def _unnamed(view: TradeView, sold: QuerySet[Product]) -> Iterator[Finding]:
    """Without a name in the reader's language: receipts and the member page show the other one."""
    is_chinese = (get_language() or "").startswith("zh")
    lack = Lack.CHINESE if is_chinese else Lack.ENGLISH
    rows = lacking(Product.objects.all(), lack)
    count = rows.count()
    if _is_exception(count):
        text = ngettext(
            "%(count)s product has no name in this language: %(names)s.",
            "%(count)s products have no name in this language: %(names)s.",
            count,
        ) % {"count": formats.number(count), "names": _names(rows, count)}
        why = gettext("Members read the other language's name on their receipts.")
        yield Finding("no-name", text, why, _list(lack), "info", 60)


def _is_exception(count: int) -> bool:
    """Whether so many products lack what most have: a catalogue in one language, or without any
    barcode, is a choice and no mistake."""
    return 0 < 2 * count <= Product.objects.filter(closed_on=None).count()


def _names(rows: QuerySet[Product], count: int) -> str:
    names = gettext(", ").join(row.name for row in rows.order_by("code")[:_NAMED])
    return names + gettext(" and others") if count > _NAMED else names


def _first(rows: QuerySet[Product], count: int) -> str:
    """The product where there is one; the list of those that are no longer sold otherwise."""
    if count == 1:
        return reverse("catalog:product", args=[rows.values_list("pk", flat=True).get()])
    return _list(Lack.SALE)


def _list(lack: Lack) -> str:
    return f"{reverse('catalog:products')}?{urlencode({'lack': lack.value})}"


_RULES: tuple[Callable[[TradeView, QuerySet[Product]], Iterator[Finding]], ...] = (
    _no_longer_sold,
    _unnamed,
    _without_barcode,
)
