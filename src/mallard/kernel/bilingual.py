"""Names in English and Chinese: the reader's language first, the other one when it is missing."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def reads_chinese() -> bool:
    """Whether the active language is Chinese."""
    return (get_language() or "").startswith("zh")


def between_sentences() -> str:
    """What stands between two sentences: a space, which Chinese does without."""
    return "" if reads_chinese() else " "


def localised(english: str, chinese: str) -> str:
    """The text in the active language; the other one when this one is empty."""
    return (chinese or english) if reads_chinese() else (english or chinese)


def with_shown_name(rows: QuerySet[Any]) -> QuerySet[Any]:
    """``rows`` with ``shown_name``, the name that readers see, for lists to sort by."""
    return rows.annotate(shown_name=_first_given(*name_order()))


def _first_given(first: str, second: str) -> Coalesce:
    return Coalesce(NullIf(first, Value("")), second)


def shown_name_indexes(prefix: str) -> list[models.Index]:
    """What a table of many thousand rows needs for lists sorted by ``shown_name``."""
    return [
        models.Index(_first_given("name_en", "name_zh"), name=f"{prefix}_shown_en"),
        models.Index(_first_given("name_zh", "name_en"), name=f"{prefix}_shown_zh"),
    ]


def name_order(prefix: str = "") -> tuple[str, str]:
    """Columns to order by so that a list follows the names shown: ``order_by(*name_order())``."""
    columns = ("name_zh", "name_en") if reads_chinese() else ("name_en", "name_zh")
    return prefix + columns[0], prefix + columns[1]


def named(word: str, prefix: str = "") -> Q:
    """Rows whose code or name, in either language, contains ``word``."""
    return (
        Q(**{f"{prefix}code__icontains": word})
        | Q(**{f"{prefix}name_en__icontains": word})
        | Q(**{f"{prefix}name_zh__icontains": word})
    )


class BilingualName(models.Model):
    """A row with a name in English, in Chinese or in both; the database refuses one with none."""

    name_en = models.CharField(_("English name"), max_length=200, blank=True, default="")
    name_zh = models.CharField(_("Chinese name"), max_length=200, blank=True, default="")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_en="", name_zh=""),
                name="%(app_label)s_%(class)s_has_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language, or in the other one."""
        return localised(self.name_en, self.name_zh)

    @property
    def other_name(self) -> str:
        """The name in the language that is not shown; empty when there is no second one."""
        other = self.name_en if reads_chinese() else self.name_zh
        return "" if other == self.name else other
