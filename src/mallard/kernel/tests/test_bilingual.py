"""Names in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from mallard.kernel.bilingual import localised, name_order
from mallard.world.malls.models import Tenant


@pytest.mark.parametrize(
    ("language", "shown", "other"),
    [("en", "Sunny Bakery", "暖阳烘焙"), ("zh-hans", "暖阳烘焙", "Sunny Bakery")],
)
def test_name_follows_the_language_and_the_other_one_is_at_hand(
    language: str, shown: str, other: str
):
    tenant = Tenant(name_en="Sunny Bakery", name_zh="暖阳烘焙")
    with translation.override(language):
        assert (tenant.name, tenant.other_name, str(tenant)) == (shown, other, shown)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_only_name_there_is_serves_every_language(language: str):
    with translation.override(language):
        tenant = Tenant(name_en="Sunny Bakery")
        assert (tenant.name, tenant.other_name) == ("Sunny Bakery", "")
        assert localised("", "暖阳") == "暖阳"


def test_lists_are_ordered_by_the_names_they_show():
    with translation.override("zh-hans"):
        assert name_order("tenant__") == ("tenant__name_zh", "tenant__name_en")
    with translation.override("en"):
        assert name_order() == ("name_en", "name_zh")
