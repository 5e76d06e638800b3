"""A rule read back as a sentence, in the reader's language or in both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.lists import format_list
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel.bilingual import BilingualName
from mallard.kernel.money import Money
from mallard.kernel.ui import formats
from mallard.value.loyalty.models import PointsBudget, Tier
from mallard.value.loyalty.rules import BASIS_POINTS, Basis, Birthday, Kind, RuleVersion, Scope
from mallard.value.loyalty.segments import segment_names
from mallard.world.catalog.models import Category, Product
from mallard.world.malls.models import Mall, Store, Tenant, TradeCategory

WEEKDAYS = {
    1: _("Mondays"),
    2: _("Tuesdays"),
    3: _("Wednesdays"),
    4: _("Thursdays"),
    5: _("Fridays"),
    6: _("Saturdays"),
    7: _("Sundays"),
}
TENDERS = {
    "cash": _("cash"),
    "card": _("bank card"),
    "wechat": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "voucher": _("vouchers"),
    "other": _("other means"),
}
LIMITS = {
    Scope.RECEIPT: _(", at most %(figure)s a receipt"),
    Scope.VISIT: _(", at most %(figure)s a visit"),
    Scope.DAY: _(", at most %(figure)s a day"),
    Scope.YEAR: _(", at most %(figure)s a year"),
    Scope.MEMBER: _(", at most %(figure)s per member"),
}
ONCE = {
    Scope.VISIT: _("once a visit"),
    Scope.DAY: _("once a day"),
    Scope.YEAR: _("once a year"),
    Scope.MEMBER: _("once"),
}


@dataclass(slots=True)
class Names:
    """The names that sentences need, in both languages; see :func:`names_for`."""

    rows: dict[UUID | str, BilingualName] = field(default_factory=dict)
    segments: dict[str, str] = field(default_factory=dict)

    def __call__(self, keys: Iterable[UUID | str]) -> str:
        found = [self.rows[key].name if key in self.rows else "?" for key in keys]
        return listed(found)


def names_for(rules: Sequence[RuleVersion]) -> Names:
    """Everything that these rules name; a fixed number of statements."""
    found = Names(
        segments=segment_names({rule.terms.segment for rule in rules if rule.terms.segment})
    )
    sources: list[tuple[Any, set[UUID]]] = [
        (Mall, {one for rule in rules for one in rule.terms.malls}),
        (Tenant, {one for rule in rules for one in rule.terms.tenants}),
        (Store, {one for rule in rules for one in rule.stores}),
        (TradeCategory, {one for rule in rules for one in rule.trade_categories}),
        (Category, {one for rule in rules for one in rule.categories}),
        (Product, {one for rule in rules for one in rule.terms.products}),
    ]
    for model, ids in sources:
        if ids:
            found.rows |= {row.pk: row for row in model.objects.filter(pk__in=ids)}
    if any(rule.terms.tiers for rule in rules):
        found.rows |= {row.code: row for row in Tier.objects.all()}
    if any(rule.terms.budget for rule in rules):
        found.rows |= {f"budget:{row.code}": row for row in PointsBudget.objects.all()}
    return found


def listed(words: Sequence[str]) -> str:
    """ "a, b and c", as the reader's language writes it."""
    return format_list(list(words), locale=formats.reader_locale())


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence in both languages."""

    en: str
    zh: str


def told(rule: RuleVersion, names: Names, currency: str) -> Told:
    """The rule in English and in Chinese, whatever the reader's language."""
    with translation.override("en"):
        english = sentence(rule, names, currency)
    with translation.override("zh-hans"):
        chinese = sentence(rule, names, currency)
    return Told(english, chinese)


def sentence(rule: RuleVersion, names: Names, currency: str) -> str:
    """The rule as one sentence in the reader's language."""
    terms = rule.terms
    if terms.kind is Kind.WELCOME:
        return gettext("New members get %(points)s when they join.") % _points(rule)
    if terms.kind is Kind.PROFILE:
        text = gettext("Members get %(points)s once name, gender and date of birth are known.")
        return text % _points(rule)
    if terms.kind is Kind.CHECK_IN:
        text = gettext(
            "Members get %(points)s for checking in on their page, once a day%(limits)s."
        )
        return text % {**_points(rule), "limits": _limits(rule, names)}
    if terms.kind is Kind.REFERRAL:
        text = gettext(
            "Members who bring a friend get %(points)s once the friend has bought something that "
            "earns points%(limits)s."
        )
        return text % {**_points(rule), "limits": _limits(rule, names)}
    # Translators: who, what, when, where, goods and limits are parts of a sentence, with their
    # own leading space in English; put them in the order of your language.
    text = gettext("%(who)s earn %(what)s%(when)s%(where)s%(goods)s%(limits)s.")
    return text % {
        "who": _who(rule, names),
        "what": _what(rule, currency),
        "when": _when(rule),
        "where": _where(rule, names),
        "goods": _goods(rule, names),
        "limits": _limits(rule, names),
    }


def _points(rule: RuleVersion) -> dict[str, str]:
    return {"points": formats.points(rule.points)}


def _who(rule: RuleVersion, names: Names) -> str:
    terms = rule.terms
    who = gettext("Members")
    if terms.tiers:
        # In Chinese a tier is often called 金卡会员 already: say "member" once.
        tiers = listed([names([code]).removesuffix("会员") for code in terms.tiers])
        who = gettext("Members of %(tiers)s") % {"tiers": tiers}
    if terms.segment:
        segment = names.segments.get(terms.segment, terms.segment)
        who = gettext("%(who)s in the segment %(segment)s") % {"who": who, "segment": segment}
    return who


def _what(rule: RuleVersion, currency: str) -> str:
    terms = rule.terms
    if terms.kind is Kind.AWARD:
        return gettext("%(points)s more") % _points(rule)
    if terms.kind is Kind.UNIT:
        text = ngettext(
            "%(points)s for each piece", "%(points)s for every %(units)s pieces", terms.units
        )
        return text % {**_points(rule), "units": formats.number(terms.units)}
    if terms.kind is Kind.MULTIPLIER:
        if terms.factor_bp == 2 * BASIS_POINTS:
            return gettext("double points")
        if terms.factor_bp == 3 * BASIS_POINTS:
            return gettext("triple points")
        factor = (Decimal(terms.factor_bp) / BASIS_POINTS).normalize()
        return gettext("%(factor)s times the points") % {"factor": formats.number(factor)}
    what = gettext("%(points)s for every %(amount)s") % {
        **_points(rule),
        "amount": formats.money(Money(rule.per_minor, currency)),
    }
    if terms.basis is Basis.BEFORE_DISCOUNTS:
        what += gettext(" before discounts")
    elif terms.basis is Basis.BEFORE_TAX:
        percent = formats.percent(terms.tax_bp, BASIS_POINTS, digits=0)
        what += gettext(" without %(percent)s tax") % {"percent": percent}
    if terms.tenders_left_out:
        means = listed([str(TENDERS[one]) for one in terms.tenders_left_out])
        what += gettext(", what is paid by %(means)s left out") % {"means": means}
    return what


def _when(rule: RuleVersion) -> str:
    terms = rule.terms
    parts = []
    if terms.is_first_purchase:
        parts.append(gettext(" on their first purchase"))
    if terms.birthday is Birthday.DAY:
        parts.append(gettext(" on their birthday"))
    elif terms.birthday is Birthday.MONTH:
        parts.append(gettext(" in the month of their birthday"))
    if terms.weekdays:
        days = listed([str(WEEKDAYS[day]) for day in terms.weekdays])
        parts.append(gettext(" on %(weekdays)s") % {"weekdays": days})
    if terms.month_days:
        days = listed([str(day) for day in terms.month_days])
        parts.append(gettext(" on day %(days)s of the month") % {"days": days})
    if terms.hours:
        first, end = (f"{hour:02}:00" for hour in terms.hours)
        parts.append(gettext(" from %(first)s to %(end)s") % {"first": first, "end": end})
    return "".join(parts)


def _where(rule: RuleVersion, names: Names) -> str:
    places = (*rule.stores, *rule.terms.tenants, *rule.trade_categories)
    where = gettext(" at %(places)s") % {"places": names(places)} if places else ""
    if rule.terms.malls:
        where += gettext(" in %(malls)s") % {"malls": names(rule.terms.malls)}
    return where


def _goods(rule: RuleVersion, names: Names) -> str:
    goods = (*rule.categories, *rule.terms.products)
    return gettext(" on %(goods)s") % {"goods": names(goods)} if goods else ""


def _limits(rule: RuleVersion, names: Names) -> str:
    terms = rule.terms
    limits = []
    for scope, most in terms.caps:
        if terms.kind is Kind.AWARD and most == rule.points and scope in ONCE:
            limits.append(gettext(", %(once)s") % {"once": ONCE[scope]})
        else:
            limits.append(LIMITS[scope] % {"figure": formats.number(most)})
    if terms.total_cap is not None:
        total = formats.number(terms.total_cap)
        limits.append(gettext(", at most %(figure)s in total") % {"figure": total})
    if terms.budget:
        budget = names([f"budget:{terms.budget}"])
        limits.append(gettext(", within the budget “%(budget)s”") % {"budget": budget})
    return "".join(limits)
