"""Declarative list pages: a new list is columns, filters and a queryset.

A `ListPage` is declared once, at module level. A page function guards the permission, makes the
scoped queryset, and returns ``LIST.respond(request, rows)``. Search, filters, sort, columns and
page live in the URL; without JavaScript the same form is a plain GET. However many rows there
are, a list asks the database a constant number of questions.
"""

from mallard.kernel.ui.filters import Rows
from mallard.kernel.ui.lists.declaration import Column, Empty, ListPage, Total
from mallard.kernel.ui.lists.drawing import Listing
from mallard.kernel.ui.lists.reading import COUNT_LIMIT, PAGE_SIZES

__all__ = [
    "COUNT_LIMIT",
    "PAGE_SIZES",
    "Column",
    "Empty",
    "ListPage",
    "Listing",
    "Rows",
    "Total",
]
