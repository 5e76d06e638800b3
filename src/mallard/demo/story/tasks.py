"""What people had to do in the year: follow members up, look into alerts, make corrections.

Most were done in time, some late; of the last days some are open, a few of them overdue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from mallard.demo.calendar import FIRST_DAY, LAST_FULL_DAY, ZONE
from mallard.demo.draws import SEED, Draws
from mallard.demo.staff import LOGINS
from mallard.demo.story import declarations, footfall, people
from mallard.kernel.access.actor import Actor
from mallard.kernel.database.transactions import atomic_retrying
from mallard.kernel.provenance import Origin
from mallard.world.malls.models import Mall, Store
from mallard.world.members.models import MemberPresence
from mallard.world.staff.models import Language, StaffUser
from mallard.world.tasks.inputs import Finish, TaskInput
from mallard.world.tasks.models import Task
from mallard.world.tasks.services import open_tasks

IN_TIME_PERCENT, LATE_PERCENT, LAST_IN_TIME_PERCENT = 84, 12, 60
EVERY_DAYS = 4
OPEN_HOUR = 10
IN_TIME_HOURS, LATE_HOURS = (3, 30), (60, 110)
LAST_DAYS = 4
"""Of follow-ups opened so many days before the end some are still open."""

WORDS = {
    Language.CHINESE: (
        ("生日月：提醒她领生日礼", "本月生日，礼遇还没领。"),
        ("上次缺货的商品到了，请告知", "会员留过话，到货请通知。"),
        ("两个月没来了，问问原因", "以前每周都来。"),
        ("退货后回访", "确认问题已经解决。"),
    ),
    Language.ENGLISH: (
        ("Birthday month: tell them of their gift", "It has not been fetched yet."),
        ("What was out of stock has come in", "They asked to be told."),
        ("Has not come for two months: ask why", "Used to come every week."),
        ("Call after the return", "Is everything as it should be now?"),
    ),
}
OUTCOMES = {
    Language.CHINESE: ("已联系，本周会来", "已留言", "已到店领取"),
    Language.ENGLISH: ("Reached, will come this week", "Left a message", "Came in for it"),
}


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody who follows members of a store up."""

    user: StaffUser
    store: Store
    member_ids: Sequence[UUID]


@atomic_retrying
def plant(*, weeks: int, actor: Actor) -> int:
    """Write down the year's tasks and what came of them; returns how many. Planted once."""
    if Task.objects.filter(origin=Origin.GENERATED).exists():
        return 0
    first = FIRST_DAY + timedelta(weeks=weeks)
    return len(open_tasks([*_follow_ups(first), *_looked_into(first)], actor=actor))


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE)


def _doers() -> Iterator[Doer]:
    """The assistants of the demo, and the bakery's manager in each of its stores."""
    places = {login.email: login for login in LOGINS}
    wanted: list[tuple[str, str]] = [
        (email, login.place.removeprefix("store:"))
        for email, login in places.items()
        if login.role == "sales_assistant"
    ]
    wanted += [(one.email, one.store) for one in people.STAFF if one.role == "sales_assistant"]
    for email, login in places.items():
        if login.role == "tenant_manager":
            tenant = login.place.removeprefix("tenant:")
            codes = Store.objects.filter(tenant__code=tenant).order_by("code")
            wanted += [(email, code) for code in codes.values_list("code", flat=True)]
    for email, code in wanted:
        store = Store.objects.filter(code=code).first()
        user = StaffUser.objects.filter(email=email).first()
        if store is None or user is None:
            continue
        seen = MemberPresence.objects.filter(store=store, receipts__gt=0)
        ids = list(seen.order_by("member__number").values_list("member_id", flat=True))
        if ids:
            yield Doer(user, store, ids)


def _follow_ups(first: date) -> Iterator[TaskInput]:
    """One follow-up every few days for each of them."""
    last = (LAST_FULL_DAY - FIRST_DAY).days
    for doer in _doers():
        language = Language(doer.user.language)
        for offset in range(Draws(SEED, "errand", doer.store.code).below(EVERY_DAYS), last,
                            EVERY_DAYS):  # fmt: skip
            draws = Draws(SEED, "errand", doer.store.code, offset)
            opened_at = _moment(first + timedelta(days=offset), OPEN_HOUR + draws.below(3))
            title, detail = draws.pick(WORDS[language])
            done_at = _done_at(opened_at, draws, is_last=offset > last - LAST_DAYS)
            yield TaskInput(
                kind="follow_up",
                title=title,
                detail=detail,
                member_id=draws.pick(doer.member_ids),
                store_id=doer.store.pk,
                assignee_id=doer.user.pk,
                opened_at=opened_at,
                origin=Origin.GENERATED,
                finish=_finish(done_at, doer.user, draws.pick(OUTCOMES[language])),
            )


def _finish(at: datetime | None, by: StaffUser, outcome: str) -> Finish | None:
    return None if at is None else Finish(at=at, by_id=by.pk, outcome=outcome)


def _done_at(opened_at: datetime, draws: Draws, *, is_last: bool) -> datetime | None:
    """In time, late, or not yet. Late ones of the last days are the ones still open."""
    ticket = draws.below(100)
    if ticket < (LAST_IN_TIME_PERCENT if is_last else IN_TIME_PERCENT):
        return opened_at + timedelta(hours=draws.between(*IN_TIME_HOURS))
    if is_last or ticket >= IN_TIME_PERCENT + LATE_PERCENT:
        return None if is_last else opened_at + timedelta(hours=LATE_HOURS[1])
    return opened_at + timedelta(hours=draws.between(*LATE_HOURS))


def _looked_into(first: date) -> Iterator[TaskInput]:
    """What else the story plants, as those tasks that it would have become."""
    by_role = {login.role: login.email for login in LOGINS}
    staff = {user.email: user for user in StaffUser.objects.filter(email__in=by_role.values())}
    malls = {mall.code: mall for mall in Mall.objects.all()}
    stores = {store.code: store for store in Store.objects.all()}
    finance, leasing = staff[by_role["finance"]], staff[by_role["leasing"]]
    crm = staff[by_role["crm_manager"]]
    mute, silent = footfall.MUTE, declarations.SILENT
    disputed, under = declarations.DISPUTED, declarations.UNDER_DECLARED
    planned = (
        ("alert", "东门客流计数器没有数据 The east entrance's counter says nothing", crm,
         {"mall_id": malls["NI"].pk}, mute.first + 1, 6),
        ("alert", "连续多日未申报销售 No sales declared for days", leasing,
         {"store_id": stores[silent.store].pk}, silent.first + 3, 20),
        ("alert", "申报额低于会员小票 Declares less than its members alone have spent", finance,
         {"store_id": stores[under.store].pk}, under.first + 14, 70),
        ("correction", "请核对并更正有争议的一周 Please correct the disputed week", finance,
         {"store_id": stores[disputed.store].pk}, disputed.first + 8, None),
        ("correction", "会员手机号有误，请更正 A member's phone number is wrong", crm,
         {"store_id": stores["ES-SUP"].pk}, 118, 20),
        ("correction", "租约面积与图纸不符 The lease's area differs from the plan", leasing,
         {"store_id": stores["GR-COF"].pk}, 175, 90),
    )  # fmt: skip
    for kind, title, user, place, offset, hours in planned:
        opened_at = _moment(first + timedelta(days=offset), OPEN_HOUR)
        done_at = None if hours is None else opened_at + timedelta(hours=hours)
        yield TaskInput(
            kind=kind,
            title=title,
            assignee_id=user.pk,
            opened_at=opened_at,
            origin=Origin.GENERATED,
            finish=_finish(done_at, user, "已处理 Done"),
            store_id=place.get("store_id"),
            mall_id=place.get("mall_id"),
        )
