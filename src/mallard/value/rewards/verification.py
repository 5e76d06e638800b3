"""Derives rewards' running figures again, as a part of `mallard ledger verify`.

A desk's stock is its movements; what is reserved is what open redemptions wait for; a redemption
whose points were spent has exactly its points in the ledger, and one whose points went back none.
"""

from __future__ import annotations

from mallard.value.ledger.verification import register_verification
from mallard.value.sales.verification import compare

_STOCK = """
WITH moved AS (
    SELECT reward_id, desk_id, sum(quantity) AS on_hand FROM rewards_stockmovement GROUP BY 1, 2
), promised AS (
    SELECT reward_id, desk_id, sum(quantity) AS reserved FROM rewards_redemption
    WHERE is_counted AND status IN ('held', 'confirmed') GROUP BY 1, 2
)
SELECT 'stock of reward ' || coalesce(s.reward_id, m.reward_id, p.reward_id) || ' at desk '
           || coalesce(s.desk_id, m.desk_id, p.desk_id) AS what,
       coalesce(s.on_hand, 0) || ' with ' || coalesce(s.reserved, 0) || ' promised' AS found,
       coalesce(m.on_hand, 0) || ' with ' || coalesce(p.reserved, 0) || ' promised' AS derived
FROM rewards_stock s
FULL JOIN moved m ON m.reward_id = s.reward_id AND m.desk_id = s.desk_id
FULL JOIN promised p ON p.reward_id = coalesce(s.reward_id, m.reward_id)
    AND p.desk_id = coalesce(s.desk_id, m.desk_id)
"""

_POINTS = """
WITH moved AS (
    SELECT t.source_id, sum(CASE t.kind WHEN 'redeem' THEN t.amount ELSE -t.amount END) AS points
    FROM ledger_transfer t
    WHERE t.source_kind = 'reward' AND t.kind IN ('redeem', 'restore') GROUP BY 1
)
SELECT 'points of redemption ' || r.code AS what,
       coalesce(m.points, 0)::text AS found,
       (CASE WHEN r.points_key = '' OR r.is_points_given_back THEN 0 ELSE r.points END)::text
           AS derived
FROM rewards_redemption r LEFT JOIN moved m ON m.source_id = r.id
"""


def register() -> None:
    """Let `mallard ledger verify` answer for rewards, too."""
    register_verification("reward stock", lambda: compare(_STOCK))
    register_verification("reward points", lambda: compare(_POINTS))
