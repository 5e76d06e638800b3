"""What a column can fill, and which headings suggest it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mallard.kernel.search_text import simplified
from mallard.world.members.fields import active_fields
from mallard.world.members.models import ConsentPurpose, IdentityKind
from mallard.world.members.profile import PROFILE_FIELDS


@dataclass(frozen=True, slots=True)
class Target:
    """Something of a member that a column can fill; ``code`` is kept in mappings."""

    code: str
    label: str | Promise
    group: str | Promise
    is_finder: bool = False
    """Whether it says who somebody is."""

    @property
    def family(self) -> str:
        return self.code.partition(".")[0]

    @property
    def field(self) -> str:
        return self.code.partition(".")[2]


_CUSTOM = _("Custom fields")
_WHO, _FACTS, _MORE, _CONSENTS = _("Who it is"), _("Facts"), _("Membership"), _("Consents")


def targets() -> dict[str, Target]:
    """Everything that a column can fill, in the order in which it is offered; one query."""
    found = [Target("number", _("Member number"), _WHO, is_finder=True)]
    found += [
        Target(f"identity.{kind.value}", kind.label, _WHO, is_finder=True) for kind in IdentityKind
    ]
    found += [
        Target(f"profile.{field.code}", field.label, _FACTS) for field in PROFILE_FIELDS.values()
    ]
    found += [
        Target("joined", _("Joined"), _MORE),
        Target("store", _("Enrolled at: store code"), _MORE),
        Target("mall", _("Enrolled at: mall code"), _MORE),
        Target("language", _("Language"), _MORE),
        Target("tags", _("Tags"), _MORE),
        Target("referrer", _("Brought by (new members)"), _MORE),
    ]
    found += [
        Target(f"consent.{purpose.value}", purpose.label, _CONSENTS) for purpose in ConsentPurpose
    ]
    found += [Target(f"custom.{field.code}", field.name, _CUSTOM) for field in active_fields()]
    return {target.code: target for target in found}


_GUESSES: dict[str, str] = {
    "number": "number|member number|member no|member id|membership number|会员号|会员编号|会员号码",
    "identity.phone": "phone|mobile|mobile phone|phone number|telephone|tel|cell|cellphone"
    "|手机|手机号|手机号码|电话|电话号码|联系电话|联系方式|移动电话",
    "identity.card": "card|card number|card no|loyalty card|member card"
    "|卡号|会员卡号|会员卡|实体卡号",
    "identity.email": "email|e-mail|mail|email address|e-mail address|邮箱|电子邮箱|电子邮件|邮件",
    "identity.wechat": "wechat|openid|wechat openid|open id|微信|微信openid",
    "identity.alipay": "alipay|alipay id|支付宝|支付宝账号",
    "identity.plate": "plate|number plate|licence plate|license plate|car|车牌|车牌号|车牌号码",
    "profile.name": "name|full name|member name|customer name|customer"
    "|姓名|名字|会员姓名|客户姓名|顾客姓名|会员名称",
    "profile.gender": "gender|sex|性别",
    "profile.birth_date": "birthday|birth date|date of birth|dob|born"
    "|生日|出生日期|出生年月日|会员生日",
    "profile.occupation": "occupation|job|profession|职业|工作",
    "profile.interests": "interests|hobbies|兴趣|爱好|兴趣爱好",
    "profile.age_band": "age band|age group|age|年龄段|年龄",
    "profile.income_band": "income|income band|收入|收入水平",
    "profile.marital_status": "marital status|married|婚姻|婚姻状况|婚姻状态",
    "profile.home_ownership": "home ownership|住房|住房情况",
    "profile.household_size": "household size|family size|家庭人数|家庭人口",
    "profile.household_kind": "household|household type|家庭|家庭类型",
    "profile.kids_count": "children|kids|number of children|子女|子女数|孩子数量",
    "joined": "joined|join date|joined at|date joined|member since|registered|registration date"
    "|enrolled|入会时间|入会日期|注册时间|注册日期|开卡日期|开卡时间|加入时间|加入日期",
    "store": "store|store code|门店|门店编码|门店代码|开卡门店",
    "mall": "mall|mall code|商场|购物中心|商场编码|购物中心编码",
    "language": "language|语言",
    "tags": "tags|tag|labels|标签|会员标签",
    "referrer": "brought by|referrer|referral code|referred by|推荐人|推荐码|介绍人|老带新",
    "consent.programme": "terms|terms accepted|programme|入会条款|会员条款|会员计划",
    "consent.marketing": "marketing|marketing consent|newsletter|offers and news"
    "|营销|营销授权|接收营销|优惠与资讯|同意营销|是否接收短信",
    "consent.profiling": "profiling|personalised recommendations|个性化|个性化推荐",
    "consent.share_with_tenant": "share with tenants|sharing with stores|与商户共享|商户共享",
    "consent.research": "research|surveys|调研|问卷调研",
}
_NOISE = re.compile(r"[\s_\-:：()（）*./]+")


def heading_key(heading: str) -> str:
    """One spelling of a heading: width, case, separators and 繁/简 do not matter."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return _NOISE.sub("", simplified(plain))


_BY_HEADING = {
    heading_key(heading): code
    for code, headings in _GUESSES.items()
    for heading in headings.split("|")
}


def guess(header: list[str]) -> list[str]:
    """For each column the target that its heading suggests, or ''; no target twice."""
    taken: set[str] = set()
    found = []
    by_label = {heading_key(str(target.label)): target.code for target in targets().values()}
    for heading in header:
        key = heading_key(heading)
        code = _BY_HEADING.get(key) or by_label.get(key, "") if key else ""
        if code in taken:
            code = ""
        taken.add(code)
        found.append(code)
    return found
