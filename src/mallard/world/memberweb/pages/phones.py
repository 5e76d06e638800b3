"""The phone that makes the member's code: it shows its key, and gets what it needs."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from mallard.kernel.clock import now
from mallard.kernel.errors import DomainError
from mallard.kernel.http.problems import domain_error_response
from mallard.world.memberweb import services
from mallard.world.memberweb.card_codes import STEP_SECONDS
from mallard.world.memberweb.errors import PhoneKeyInvalid
from mallard.world.memberweb.lane import actor_here, member_page

MOST_CHARACTERS = 200


@member_page
@require_POST
def phone(request: HttpRequest) -> HttpResponse:
    """POST ``key`` (the phone's public key, base64): its number, certificate, the mall's time
    and, for a key that is new here, the secret of its digits."""
    try:
        made = services.provide_phone(
            request.member_session,  # type: ignore[attr-defined]
            _key(request.POST.get("key", "")),
            actor=actor_here(request),
        )
    except DomainError as error:
        return domain_error_response(request, error)
    answer = {
        "number": made.number,
        "certificate": base64.b64encode(made.certificate).decode(),
        "now": int(now().timestamp() * 1000),
        "step_seconds": STEP_SECONDS,
    }
    if made.secret is not None:
        answer["secret"] = base64.b64encode(made.secret).decode()
    return JsonResponse(answer)


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text[:MOST_CHARACTERS], validate=True)
    except (ValueError, binascii.Error):
        raise PhoneKeyInvalid() from None
