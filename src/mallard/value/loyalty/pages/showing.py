"""How rules are shown: as a sentence, with who pays and whether they count now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mallard.kernel import clock
from mallard.kernel.ui import formats
from mallard.kernel.ui.parts import Badge
from mallard.value.loyalty.models import EarningRule
from mallard.value.loyalty.queries import version_of
from mallard.value.loyalty.rules import Kind, RuleVersion
from mallard.value.loyalty.sentences import names_for, sentence


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule's version as pages tell it."""

    rule: EarningRule
    version: RuleVersion
    sentence: str
    funding: str
    state: Badge
    is_over: bool

    @property
    def is_base(self) -> bool:
        return self.version.terms.kind in (Kind.AMOUNT, Kind.UNIT)


def rule_rows(rules: Sequence[EarningRule], currency: str) -> list[RuleRow]:
    """These versions, told in the reader's language; a fixed number of statements."""
    versions = [version_of(rule) for rule in rules]
    names = names_for(versions)
    now = clock.now()
    return [
        RuleRow(
            rule,
            version,
            sentence(version, names, currency),
            funding(rule.tenant_share_bp),
            _state(rule),
            rule.ends_at is not None and rule.ends_at <= now,
        )
        for rule, version in zip(rules, versions, strict=True)
    ]


def funding(tenant_share_bp: int) -> str:
    """Who bears what of a rule's points; a tier's bonus is always the mall's."""
    tenant = formats.percent(tenant_share_bp, 10_000, digits=0)
    mall = formats.percent(10_000 - tenant_share_bp, 10_000, digits=0)
    if tenant_share_bp == 10_000:
        return gettext("Tenant")
    if tenant_share_bp == 0:
        return gettext("Mall")
    return gettext("Tenant %(tenant)s, mall %(mall)s") % {"tenant": tenant, "mall": mall}


def _state(rule: EarningRule) -> Badge:
    now = clock.now()
    if rule.starts_at > now:
        return Badge(gettext("From %(day)s") % {"day": formats.day(rule.starts_at)}, "info")
    if rule.ends_at is None:
        return Badge(_("In force"), "success")
    if rule.ends_at <= now:
        return Badge(gettext("Ended %(day)s") % {"day": formats.day(rule.ends_at)})
    return Badge(gettext("In force until %(day)s") % {"day": formats.day(rule.ends_at)}, "success")
