"""Every write of rewards: one function per use case."""

from mallard.value.rewards.services.catalogue import (
    close_desk,
    close_reward,
    create_desk,
    create_reward,
    reopen_desk,
    reopen_reward,
    save_desks,
    save_rewards,
    update_desk,
    update_reward,
)
from mallard.value.rewards.services.ending import cancel_redemption, lapse_due
from mallard.value.rewards.services.history import record_past_redemptions
from mallard.value.rewards.services.own import confirm_own, hold_own, let_go_own
from mallard.value.rewards.services.redeeming import (
    collect_redemption,
    confirm_redemption,
    place_redemption,
)
from mallard.value.rewards.services.stock import (
    correct_stock,
    count_stock,
    receive_stock,
    send_stock,
)
from mallard.value.rewards.services.watching import slice_liability, watch_worth

__all__ = [
    "cancel_redemption",
    "close_desk",
    "close_reward",
    "collect_redemption",
    "confirm_own",
    "confirm_redemption",
    "correct_stock",
    "count_stock",
    "create_desk",
    "create_reward",
    "hold_own",
    "lapse_due",
    "let_go_own",
    "place_redemption",
    "receive_stock",
    "record_past_redemptions",
    "reopen_desk",
    "reopen_reward",
    "save_desks",
    "save_rewards",
    "send_stock",
    "slice_liability",
    "update_desk",
    "update_reward",
    "watch_worth",
]
