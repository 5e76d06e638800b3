"""Pure decisions about members: one spelling per identity, what may be stored, how it is shown."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

from mallard.kernel.ids import is_checksummed_number, is_payment_card_number
from mallard.kernel.secrets.masking import (
    mask_card,
    mask_email,
    mask_phone,
    mask_plate,
    mask_text,
)

MEMBER_PREFIX = "M"
NUMBER_KIND = "number"
KINDS_WITH_LAST_FOUR = frozenset({"phone", "card", "plate"})
MAX_IDENTITIES = 20
MAX_NOTE = 2000
MIN_REASON = 3
MAX_REASON = 200
MAX_MERGE_DEPTH = 3

_SEPARATORS = re.compile(r"[\s\-‐-―.()·•_/]+")
_CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}")
_CHINESE_LANDLINE = re.compile(r"0\d{9,11}")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_EMAIL = re.compile(r"[^\s@\"<>(),;:\\]{1,64}@(?:[^\s@.\-_]+(?:-+[^\s@.\-_]+)*\.)+[^\s@.\d]{2,24}")
_CARD = re.compile(r"[0-9A-Z]{4,32}")
_OPEN_ID = re.compile(r"[A-Za-z0-9_\-]{6,64}")
_ALIPAY = re.compile(r"[A-Za-z0-9_.@+\-]{6,64}")
_ALIPAY_USER_ID = re.compile(r"2088\d{12}")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][0-9A-Z]{4,6}[\u4e00-\u9fff]?|[0-9A-Z]{2,10}")
_RECORD_ID = re.compile(
    r"(?<![0-9a-f\-])[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    r"(?![0-9a-f\-])"
)
_DIGIT_RUN = re.compile(r"\d(?:[ \-]?\d){12,}")


def normalise_identity(kind: str, value: str) -> str | None:
    """The one spelling of an identity, or None when ``value`` is not one of that ``kind``.

    ``kind`` is an `IdentityKind` value or ``number``. Full-width characters, spaces and dashes do
    not matter. Phones become E.164 (ITU-T): without a country code only Chinese numbers are
    understood, anything else would be a guess. E-mail is compared without case, plates and cards
    in capitals, openids exactly.
    """
    if len(value) > 200:
        return None
    text = unicodedata.normalize("NFKC", value).strip()
    normalise = _NORMALISERS.get(kind)
    return normalise(text) if normalise else None


def _phone(text: str) -> str | None:
    compact = _SEPARATORS.sub("", text)
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    if _CHINESE_MOBILE.fullmatch(compact):
        compact = "+86" + compact
    elif re.fullmatch(r"86" + _CHINESE_MOBILE.pattern, compact):
        compact = "+" + compact
    elif _CHINESE_LANDLINE.fullmatch(compact):
        compact = "+86" + compact[1:]
    return compact if compact.isascii() and _E164.fullmatch(compact) else None


def _email(text: str) -> str | None:
    folded = text.casefold()
    return folded if len(folded) <= 254 and _EMAIL.fullmatch(folded) else None


def _card(text: str) -> str | None:
    compact = _SEPARATORS.sub("", text).upper()
    return compact if _CARD.fullmatch(compact) else None


def _plate(text: str) -> str | None:
    compact = _SEPARATORS.sub("", text).upper()
    return compact if _PLATE.fullmatch(compact) else None


def _open_id(text: str) -> str | None:
    return text if _OPEN_ID.fullmatch(text) else None


def _alipay(text: str) -> str | None:
    return text if _ALIPAY.fullmatch(text) else None


def _number(text: str) -> str | None:
    compact = _SEPARATORS.sub("", text).upper()
    return compact if is_checksummed_number(MEMBER_PREFIX, compact) else None


_NORMALISERS = {
    "phone": _phone,
    "email": _email,
    "card": _card,
    "plate": _plate,
    "wechat": _open_id,
    "alipay": _alipay,
    NUMBER_KIND: _number,
}


def is_refused_identity(kind: str, normalised: str) -> bool:
    """Whether a well-formed identity is a bank card number, which Mallard never stores.

    Phones are spared (a country code makes some of them pass the check digit), and so are
    Alipay's own user ids, 16 digits from 2088 on.
    """
    if kind in {"phone", "email", "plate", NUMBER_KIND}:
        return False
    if kind == "alipay" and _ALIPAY_USER_ID.fullmatch(normalised):
        return False
    return is_payment_card_number(normalised)


def contains_payment_card(text: str) -> bool:
    """Whether free text holds a bank card number, in whichever spacing, amid other words.

    An id of a record is none, although the digits of some, taken together, pass for one.
    """
    plain = _RECORD_ID.sub(" ", unicodedata.normalize("NFKC", text))
    return any(is_payment_card_number(candidate) for candidate in _card_candidates(plain))


def _card_candidates(text: str) -> Iterator[str]:
    """Digit groups that belong together, and every row of neighbouring groups within them."""
    for run in _DIGIT_RUN.finditer(text):
        groups = re.split(r"[ \-]", run.group())
        for start in range(len(groups)):
            joined = ""
            for group in groups[start:]:
                joined += group
                if len(joined) > 19:
                    break
                if len(joined) >= 13 and not re.fullmatch(r"861[3-9]\d{9}", joined):
                    yield joined


def last_four(kind: str, normalised: str) -> str | None:
    """What people say aloud at the till; None for kinds and values that have no such part."""
    if kind not in KINDS_WITH_LAST_FOUR or len(normalised) < 5:
        return None
    return normalised[-4:]


def normalise_last_four(text: str) -> str | None:
    """``text`` as the last four of a phone, card or plate, or None when it cannot be that."""
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return compact if re.fullmatch(r"[0-9A-Z]{4}", compact) else None


def mask_identity(kind: str, normalised: str) -> str:
    """How an identity is shown to those who need not see all of it."""
    masks = {"phone": mask_phone, "email": mask_email, "card": mask_card, "plate": mask_plate}
    return masks.get(kind, mask_text)(normalised)


def birthday_of(birth_date: str) -> tuple[int, int] | None:
    """Month and day of an ISO date; None when it is none."""
    try:
        date = dt.date.fromisoformat(birth_date)
    except ValueError:
        return None
    return date.month, date.day


def age_on(birth_date: dt.date, today: dt.date) -> int:
    """Completed years. Somebody born on 29 February is a year older on 1 March otherwise."""
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (0 if had_birthday else 1)


def birthday_at(birth_date: dt.date, age: int) -> dt.date:
    """The day on which somebody becomes ``age``, as `age_on` counts."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return dt.date(birth_date.year + age, 3, 1)
