"""What axe says of a page: every rule, and the contrast of every way in which text is shown.

Contrast takes axe as long as all its other rules together, and what it says follows from how a
text is shown: its colour, size and weight, and what lies behind it. Pages of one product show text
in the same few ways, so a run looks at each way once; the drill looks at every text of every page.
"""

from __future__ import annotations

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Page

# What it leaves behind is not asked for: to describe that takes a third of the time.
SCRIPT = f"{Axe().axe_script}\n;null"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Every way in which visible text is shown outside of what is left out (colours, size, what lies
# behind), with the elements that show text so.
WAYS = """
const waysOfShowing = but => {
  const behind = new Map();
  const plain = "rgba(0, 0, 0, 0) none 1 none normal";
  const under = element => {
    if (element === null) return "";
    if (!behind.has(element)) {
      const style = getComputedStyle(element);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
                   style.mixBlendMode].join(" ");
      const lies = /static|relative/.test(style.position) ? "" : style.position;
      behind.set(element, under(element.parentElement) + (own === plain ? "" : own) + lies);
    }
    return behind.get(element);
  };
  const isOff = element => element.closest("[disabled], [aria-disabled=true], [inert]") !== null
    || Boolean(element.closest("label")?.control?.disabled);
  const isText = node => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
  const ways = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.matches("input, textarea, select") && ![...element.childNodes].some(isText))
      continue;
    if (but.some(left => element.closest(left) !== null)) continue;
    if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const style = getComputedStyle(element);
    const way = [style.color, style.fontSize, style.fontWeight, style.textShadow, isOff(element),
                 under(element)].join(" | ");
    ways.set(way, [...(ways.get(way) ?? []), element]);
  }
  return ways;
};
"""
NAME_WAYS = f"but => {{ {WAYS} return [...waysOfShowing(but).keys()] }}"
RUN = """
([but, tags]) => axe
  .run({exclude: but}, {runOnly: tags, rules: {"color-contrast": {enabled: false}},
                        resultTypes: ["violations"]})
  .then(answer => answer.violations)
"""
LOOK = f"""
([but, wanted]) => {{
  {WAYS}
  const ways = waysOfShowing(but);
  const include = wanted.flatMap(way => ways.get(way) ?? []);
  return include.length === 0 ? [] : axe
    .run({{include, exclude: but}}, {{runOnly: {{type: "rule", values: ["color-contrast"]}},
                                      resultTypes: ["violations"]}})
    .then(answer => answer.violations);
}}
"""

_found_readable: set[str] = set()


def violations(page: Page, but: Sequence[str]) -> list[str]:
    """What is wrong with the page outside of the selectors in ``but``."""
    page.evaluate(SCRIPT)
    found = page.evaluate(RUN, [list(but), RULES])
    ways = page.evaluate(NAME_WAYS, list(but))
    if hypothesis_settings.get_current_profile_name() != "drill":
        ways = [way for way in ways if way not in _found_readable]
    unreadable = page.evaluate(LOOK, [list(but), ways]) if ways else []
    if not unreadable:
        _found_readable.update(ways)
    return [
        f"{one['id']}: {one['nodes'][0]['html']} {one['nodes'][0]['failureSummary']}"
        for one in [*found, *unreadable]
    ]
