"""Recording sales and returns: the batch through which every till, file and history goes.

One call is one transaction and a fixed number of statements, whatever the batch holds. Items
answer for themselves: a refused one does not stop the others. `(store, number)` is an item's
key for ever, so a till may repeat anything at any time.

The order of locks: turns at stores (`sales.locks.take_turns_at`), members by id, receipts by id,
and the stores' daily figures last.
"""

from mallard.value.checkout.services.paper import name_member
from mallard.value.checkout.services.receipts import look_ahead, record_receipts
from mallard.value.checkout.services.returns import record_returns
from mallard.value.checkout.services.till import MAX_BATCH

__all__ = ["MAX_BATCH", "look_ahead", "name_member", "record_receipts", "record_returns"]
