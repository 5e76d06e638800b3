"""A card's number as tills read it: QR and Code 128, drawn as SVG inside the page.

Dark on white in any theme: a scanner needs the contrast and the quiet zone.
"""

from __future__ import annotations

from functools import lru_cache

import segno
from barcode import Code128
from barcode.charsets import code128
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

QUIET_MODULES = 10
BAR_HEIGHT = 40


def qr(text: str) -> SafeString:
    """``text`` as a QR code with its quiet zone; scaled by the stylesheet."""
    return mark_safe(_qr(text))  # noqa: S308 made here, from modules only


@lru_cache(maxsize=256)
def _qr(text: str) -> str:
    made = segno.make_qr(text, error="m")
    width, height = made.symbol_size(border=4)
    path = "".join(
        f"M{x} {y}h{length}v1h-{length}z" for x, y, length in _runs(made.matrix, border=4)
    )
    return (
        f'<svg class="qr" viewBox="0 0 {width} {height}" aria-hidden="true" focusable="false">'
        f'<rect width="{width}" height="{height}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def _runs(matrix: object, *, border: int) -> list[tuple[int, int, int]]:
    """Dark modules that stand side by side, as (x, y, length)."""
    runs = []
    for y, row in enumerate(matrix):  # type: ignore[var-annotated, arg-type]
        start = None
        for x, module in enumerate([*row, 0]):
            if module & 1 and start is None:
                start = x
            elif not module & 1 and start is not None:
                runs.append((start + border, y + border, x - start))
                start = None
    return runs


def code_128(text: str) -> SafeString:
    """``text`` (ASCII) as Code 128 (ISO/IEC 15417) with its quiet zones."""
    modules = Code128(text).build()[0]
    width = len(modules) + 2 * QUIET_MODULES
    bars, start = [], None
    for x, module in enumerate(modules + "0"):
        if module == "1" and start is None:
            start = x
        elif module == "0" and start is not None:
            bars.append(f"M{start + QUIET_MODULES} 0h{x - start}v{BAR_HEIGHT}h-{x - start}z")
            start = None
    return format_html(
        '<svg class="bars" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect width="{}" height="{}" fill="#fff"/>'
        '<path d="{}" fill="#000"/></svg>',
        width, BAR_HEIGHT, width, BAR_HEIGHT, "".join(bars),
    )  # fmt: skip


@lru_cache(maxsize=1)
def patterns() -> str:
    """The modules of each Code 128 symbol by its value, the stop last, for a phone that draws the
    code that changes by itself."""
    return " ".join([*code128.CODES, code128.STOP + "11"])
