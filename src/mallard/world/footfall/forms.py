"""The form of an entrance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mallard.kernel.access.actor import Actor
from mallard.kernel.ui.form_page import RowForm
from mallard.world.footfall.models import Entrance
from mallard.world.malls.models import Floor
from mallard.world.malls.queries import whole_malls_in


class FloorChoice(forms.ModelChoiceField):
    def label_from_instance(self, floor: Floor) -> str:
        """Which floor of which mall: codes repeat between malls."""
        return f"{floor.mall.name} · {floor.name}"


class EntranceForm(RowForm):
    floor = FloorChoice(Floor.objects.none(), label=_("Floor"))

    class Meta:
        model = Entrance
        fields = ("code", "name_en", "name_zh", "floor", "x_dm", "y_dm", "closed_on")
        help_texts = {
            "x_dm": _("Decimetres from the upper left corner of the floor plan."),
            "closed_on": _("The first day on which nobody is counted here."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        floors = Floor.objects.filter(mall__in=whole_malls_in(actor.scope))
        if not self.instance._state.adding:
            floors = floors.filter(mall=self.instance.mall_id)
        field = self.fields["floor"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared above
        field.queryset = floors.select_related("mall").order_by("mall__code", "-level")
