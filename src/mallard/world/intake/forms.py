"""What people fill in on the way of a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.bilingual import name_order
from mallard.world.intake.models import ColumnMatching, ImportMode
from mallard.world.intake.services.matching import MAX_NAME
from mallard.world.intake.targets import targets
from mallard.world.malls.queries import covers_mall, malls_in, stores_in
from mallard.world.members.permissions import MERGE_MEMBER

LANGUAGES = (("zh-hans", "简体中文"), ("en", "English"))


class UploadForm(forms.Form):
    """A file, and what its rows do not say."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel with a row of headings; at most 30 MB and 200,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.ods"}),
    )
    mode = forms.ChoiceField(label=_("What to do"), choices=ImportMode.choices)
    is_merging = forms.BooleanField(
        label=_("Merge members whom one row names together"),
        required=False,
        help_text=_("Otherwise such a row is refused. The oldest membership stands for both."),
    )
    language = forms.ChoiceField(
        label=_("Language of new members"),
        choices=LANGUAGES,
        help_text=_("Where the file does not say."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = actor.scope
        malls = [mall for mall in malls_in(scope) if covers_mall(scope, mall.id)]
        choices = [(f"mall:{mall.id}", mall.name) for mall in malls]
        choices += [(f"store:{s.id}", s.name) for s in stores_in(scope).order_by(*name_order())]
        if scope.is_group:
            choices.insert(0, ("", str(_("nowhere in particular"))))
        self.fields["place"] = forms.ChoiceField(
            label=_("New members are enrolled at"),
            choices=choices,
            required=False,
            help_text=_("Where the file does not say."),
        )
        if not actor.may(MERGE_MEMBER):
            del self.fields["is_merging"]
        self.order_fields(["file", "mode", "is_merging", "place", "language"])

    def place(self) -> dict[str, UUID | None]:
        kind, _colon, id_ = self.cleaned_data["place"].partition(":")
        return {
            "store_id": UUID(id_) if kind == "store" else None,
            "mall_id": UUID(id_) if kind == "mall" else None,
        }


class MatchingForm(forms.Form):
    """For each column what it is; the matching may be kept under a name."""

    save_as = forms.CharField(
        label=_("Keep this matching as"),
        required=False,
        max_length=MAX_NAME,
        help_text=_("Files with the same headings are then matched by themselves."),
    )

    def __init__(
        self, data: Any = None, *, headings: Sequence[str], mapping: Sequence[str]
    ) -> None:
        super().__init__(data)
        for index, (heading, code) in enumerate(zip(headings, mapping, strict=True)):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=heading or f"{index + 1}", choices=_choices(), required=False, initial=code
            )
        self.width = len(mapping)

    def columns(self) -> list[forms.BoundField]:
        return [self[f"column_{index}"] for index in range(self.width)]

    def mapping(self) -> list[str]:
        return [self.cleaned_data[f"column_{index}"] for index in range(self.width)]

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(None if field == "columns" else field, error)


def _choices() -> list[Any]:
    groups: dict[str, list[tuple[str, Any]]] = {}
    for target in targets().values():
        groups.setdefault(str(target.group), []).append((target.code, target.label))
    return [("", _("leave out")), *groups.items()]


class SavedForm(forms.Form):
    """A matching that was kept."""

    saved = forms.ModelChoiceField(
        label=_("Use a kept matching"), queryset=ColumnMatching.objects.all()
    )
