"""Signatures, retries and addresses, without a database or a network."""

from __future__ import annotations

import pytest

from mallard.kernel.webhooks import rules


def test_the_signature_is_that_of_standard_webhooks() -> None:
    # The example of the specification: https://www.standardwebhooks.com (reference libraries).
    import base64

    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = rules.signature(
        secret,
        webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::", False),
    ],
)
def test_only_public_addresses_are_public(address: str, is_public: bool) -> None:
    assert rules.is_public(address) is is_public


@pytest.mark.parametrize(
    ("url", "allowed", "fault"),
    [
        ("https://example.com/hook?x=1", False, ""),
        ("http://example.com", False, "scheme"),
        ("http://example.com", True, "scheme"),
        ("http://127.0.0.1:9000/x", False, "scheme"),
        ("http://127.0.0.1:9000/x", True, ""),
        ("ftp://example.com", False, "scheme"),
        ("https://", False, "form"),
        ("https://user:word@example.com", False, "form"),
        ("https://example.com:99999", False, "form"),
        ("https://exa mple.com", False, "form"),
        ("https://example.com/\r\nX: y", False, "form"),
        ("nonsense", False, "form"),
    ],
)
def test_which_addresses_are_taken(url: str, allowed: bool, fault: str) -> None:
    assert rules.url_fault(url, is_private_allowed=allowed) == fault


def test_retries_end_after_about_three_days() -> None:
    waits = [rules.retry_wait(attempts) for attempts in range(1, 12)]
    assert waits[-1] is None
    total = sum((wait for wait in waits if wait), start=rules.RETRY_AFTER[0] * 0)
    assert 2.5 < total.total_seconds() / 86_400 < 4
