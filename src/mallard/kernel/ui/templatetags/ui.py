"""The parts of every page as template tags. `ui/README.md` lists them with examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from mallard.kernel.money import Money
from mallard.kernel.ui import formats, marks
from mallard.kernel.ui.kept import Ground, ground
from mallard.kernel.ui.marks import Tone
from mallard.kernel.ui.offers import offers_for
from mallard.kernel.ui.parts import Chart, Fact, Tab, TimelineEntry

register = template.Library()
Text = str | Promise
Missing = Literal[""] | None  # "" is what a template makes of a variable that is not there

UNKNOWN = "–"
TONE_ICONS = {"success": "circle-check", "warning": "alert-triangle", "error": "alert-circle"}


# --- figures and dates ---------------------------------------------------------------------


@register.filter
def money(value: Money | int | Missing, currency: str = "") -> str:
    """``{{ amount|money }}`` for Money, ``{{ minor|money:"CNY" }}`` for minor units."""
    if value is None or value == "":
        return UNKNOWN
    amount = value if isinstance(value, Money) else Money(value, currency)
    return format_html('<span class="num">{}</span>', formats.money(amount))


@register.filter
def number(value: int | Missing) -> str:
    """An integer with grouping."""
    if value is None or value == "":
        return UNKNOWN
    return format_html('<span class="num">{}</span>', formats.number(value))


@register.filter
def points(value: int | Missing) -> str:
    """Points with their unit, e.g. ``1,234 points``."""
    if value is None or value == "":
        return UNKNOWN
    return format_html('<span class="num">{}</span>', formats.points(value))


@register.filter
def signed(value: int | Missing) -> str:
    """An integer with its sign, as a movement of points is shown."""
    if value is None or value == "":
        return UNKNOWN
    sign = "+" if value > 0 else "−" if value < 0 else ""
    tone = "up" if value > 0 else "down" if value < 0 else "flat"
    text = sign + formats.number(abs(value))
    return format_html('<span class="num" data-move="{}">{}</span>', tone, text)


@register.filter
def at(value: dt.datetime | None, zone: dt.tzinfo | None = None) -> str:
    """Date and time in a mall's zone; the zone is in the tooltip."""
    if not value:
        return UNKNOWN
    return format_html(
        '<time class="num" datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        formats.zone_note(value, zone),
        formats.moment(value, zone),
    )


@register.filter
def day(value: dt.date | dt.datetime | None, zone: dt.tzinfo | None = None) -> str:
    """A date in a mall's zone."""
    if not value:
        return UNKNOWN
    return format_html(
        '<time class="num" datetime="{}">{}</time>', value.isoformat(), formats.day(value, zone)
    )


# --- small parts ---------------------------------------------------------------------------


icon = register.simple_tag(marks.icon)
badge = register.simple_tag(marks.badge)


@register.inclusion_tag("ui/parts/generated.html")
def generated(is_generated: bool = True) -> dict[str, Any]:
    """The badge of data that a generator made, with its explanation."""
    return {"is_generated": is_generated}


@register.inclusion_tag("ui/parts/masked.html")
def masked(value: str, label: Text, reveal_url: str = "") -> dict[str, Any]:
    """A masked personal value; with ``reveal_url`` a button that POSTs there and is replaced by
    the answer. The service behind it audits."""
    return {"value": value, "label": label, "reveal_url": reveal_url}


@register.inclusion_tag("ui/parts/progress.html")
def progress(done: int, total: int, label: Text) -> dict[str, Any]:
    """How far long work is: ``done`` of ``total``."""
    return {"done": min(done, total), "total": total, "label": label}


@register.inclusion_tag("ui/parts/stat.html")
def stat(
    label: Text,
    figure: Any,
    url: str = "",
    delta: Text = "",
    direction: str = "flat",
    note: Text = "",
) -> dict[str, Any]:
    """A figure that opens the rows behind it. ``delta`` is ready to read (``+8.1%``),
    ``direction`` is up, down or flat as good, bad or neither."""
    return {
        "label": label,
        "figure": figure,
        "url": url,
        "delta": delta,
        "direction": direction,
        "note": note,
    }


@register.inclusion_tag("ui/parts/facts.html")
def facts(facts: Sequence[Fact], columns: int = 1) -> dict[str, Any]:
    """Facts of a record, as a description list."""
    return {"facts": facts, "columns": columns}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(entries: Sequence[TimelineEntry]) -> dict[str, Any]:
    """What happened, newest first, with a heading for each day."""
    days: list[tuple[str, list[tuple[str, TimelineEntry]]]] = []
    for entry in entries:
        heading = formats.day(entry.at, entry.zone)
        if not days or days[-1][0] != heading:
            days.append((heading, []))
        days[-1][1].append((formats.time_of_day(entry.at, entry.zone), entry))
    return {"days": days}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(tabs: Sequence[Tab], label: Text = "") -> dict[str, Any]:
    """The tabs of a record: links, each to an address of its own."""
    return {"tabs": tabs, "label": label or gettext("Parts of this record")}


@register.inclusion_tag("ui/parts/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A chart with its table and description; loads the chart script once per page."""
    return {"chart": chart, "data_id": f"chart-{chart.key}"}


@register.inclusion_tag("ui/parts/notice.html")
def notice(text: Any, tone: Tone = "info") -> dict[str, Any]:
    """A sentence above the content that matters for all of it."""
    icons = {"warning": "alert-triangle", "danger": "alert-circle", "success": "circle-check"}
    return {"text": text, "tone": tone, "icon_name": icons.get(tone, "info-circle")}


@register.inclusion_tag("ui/parts/list.html", takes_context=True)
def listing(context: template.Context, listing: Any) -> dict[str, Any]:
    """A list made by ``ListPage.bind`` inside another page."""
    return {"listing": listing, "request": context.get("request")}


@register.filter
def get(values: Mapping[str, Any], key: str) -> Any:
    """The value under a key that is itself a variable; empty when there is none."""
    return values.get(key, "")


@register.filter
def message_icon(level_tag: str) -> str:
    """The icon of one of Django's messages."""
    return TONE_ICONS.get(level_tag, "info-circle")


@register.filter
def initials(name: str) -> str:
    """One Chinese character or two Latin letters that stand for a person."""
    words = str(name).split()
    if not words:
        return "?"
    if not words[0][0].isascii():
        return words[0][0]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


@register.filter
def known(value: Any) -> Any:
    """The value, or a dash that says it is unknown."""
    if value is None or value == "":
        hidden = gettext("not known")
        return format_html(
            '<span class="muted"><span aria-hidden="true">{}</span>'
            '<span class="visually-hidden">{}</span></span>',
            UNKNOWN,
            hidden,
        )
    if hasattr(value, "__html__"):
        # Templates ask str() before __html__, so a part that draws itself is drawn here.
        return mark_safe(value.__html__())  # noqa: S308 - the part escapes what it holds
    return value


# --- what says the same to every reader ------------------------------------------------------


class FixedNode(template.Node):
    """A part that was drawn for the first who asked in this language."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self._drawn: dict[Ground, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        on = ground()
        drawn = self._drawn.get(on)
        if drawn is None:
            # Without the page's variables: nothing of one reader can stand on another's page.
            bare = template.Context()
            bare.template = context.template
            drawn = self._drawn[on] = self.nodelist.render(bare)
        return drawn


@register.tag
def fixed(parser: template.base.Parser, _token: template.base.Token) -> FixedNode:
    """``{% fixed %}…{% endfixed %}``: words, icons and addresses that are the same for everybody
    who reads the same language. Drawn once, which is for what stands on every page."""
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(template.base.VariableNode):
        raise template.TemplateSyntaxError("a fixed part has no variables: it is for everybody")
    return FixedNode(nodelist)


# --- blocks --------------------------------------------------------------------------------


@register.simple_block_tag
def page_header(
    content: str,
    title: Any,
    kind: Text = "",
    subtitle: Any = "",
    mark: str = "",
    back_url: str = "",
    back_label: Text = "",
) -> SafeString:
    """Who or what the page is about; the content is what can be done."""
    return SafeString(
        render_to_string(
            "ui/parts/page_header.html",
            {
                "title": title,
                "kind": kind,
                "subtitle": subtitle,
                "mark": mark,
                "back_url": back_url,
                "back_label": back_label,
                "actions": mark_safe(content.strip()),  # noqa: S308 - rendered, escaped template
            },
        )
    )


@register.simple_block_tag
def card(content: str, title: Any = "", note: Any = "", flush: bool = False) -> SafeString:
    """A card; ``flush`` leaves out the padding for tables and lists."""
    head: str = ""
    if title:
        small = format_html('<span class="muted">{}</span>', note) if note else ""
        shape = '<div class="card-header"><h2 class="card-title">{}</h2>{}</div>'
        head = format_html(shape, title, small)
    body = mark_safe(content)  # noqa: S308 - what the template engine rendered, escaped there
    if not flush:
        body = format_html('<div class="card-body">{}</div>', body)
    return format_html('<section class="card">{}{}</section>', head, body)


@register.simple_block_tag
def empty_state(content: str, title: Any, text: Any = "", icon_name: str = "inbox") -> SafeString:
    """Nothing here, why, and what to do next (the content)."""
    actions = content.strip()
    shape = (
        '<div class="empty-note">{}<p class="empty-title">{}</p>'
        '<p class="empty-text">{}</p>{}</div>'
    )
    return format_html(
        shape,
        icon(icon_name, css="icon-lg"),
        title,
        conditional_escape(text),
        format_html('<div class="empty-actions">{}</div>', mark_safe(actions))  # noqa: S308
        if actions
        else "",
    )


@register.simple_tag(takes_context=True)
def record_offers(
    context: template.Context, kind: str, record_id: UUID, css: str = "btn"
) -> SafeString:
    """The buttons that apps above offer on a record (`ui.offers`); ``menu-item`` in a menu."""
    actor = getattr(context["request"], "actor", None)
    if actor is None:
        return mark_safe("")
    return format_html_join(
        "",
        '<a class="{}" href="{}">{}{}</a>',
        (
            (css, one.url, icon(one.icon) if one.icon else "", one.label)
            for one in offers_for(kind, record_id, actor)
        ),
    )
