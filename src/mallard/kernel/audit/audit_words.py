"""The audit log in words: what this app notes there."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from mallard.kernel.audit import words

words.of_actions(
    {
        "audit.verification_asked": pgettext_lazy("audit", "Verification of the seal asked for"),
        "audit.detail_revealed": pgettext_lazy("audit", "Personal values of an entry read"),
    }
)
words.of_subjects(
    {
        "audit_log": pgettext_lazy("audit subject", "Audit log"),
    }
)
words.of_fields(
    {
        "action": pgettext_lazy("audit field", "Action"),
        "address_en": pgettext_lazy("audit field", "Address in English"),
        "address_zh": pgettext_lazy("audit field", "Address in Chinese"),
        "amount_minor": pgettext_lazy("audit field", "Amount in minor units"),
        "at": pgettext_lazy("audit field", "At"),
        "changed": pgettext_lazy("audit field", "Changed"),
        "closed_at": pgettext_lazy("audit field", "Closed at"),
        "closed_on": pgettext_lazy("audit field", "Closed on"),
        "code": pgettext_lazy("audit field", "Code"),
        "columns": pgettext_lazy("audit field", "Columns"),
        "count": pgettext_lazy("audit field", "Count"),
        "created": pgettext_lazy("audit field", "Created"),
        "created_at": pgettext_lazy("audit field", "Created at"),
        "currency": pgettext_lazy("audit field", "Currency"),
        "day": pgettext_lazy("audit field", "Day"),
        "due_at": pgettext_lazy("audit field", "Due"),
        "email": pgettext_lazy("audit field", "E-mail"),
        "ends_at": pgettext_lazy("audit field", "Ends at"),
        "ends_on": pgettext_lazy("audit field", "Ends on"),
        "expires_at": pgettext_lazy("audit field", "Expires at"),
        "entry_id": pgettext_lazy("audit field", "Entry of this log"),
        "first_day": pgettext_lazy("audit field", "First day"),
        "last_day": pgettext_lazy("audit field", "Last day"),
        "format": pgettext_lazy("audit field", "Format"),
        "id": pgettext_lazy("audit field", "Id"),
        "is_active": pgettext_lazy("audit field", "In use"),
        "kind": pgettext_lazy("audit field", "Kind"),
        "language": pgettext_lazy("audit field", "Language"),
        "mall_id": pgettext_lazy("audit field", "Mall"),
        "mall_ids": pgettext_lazy("audit field", "Malls"),
        "member_id": pgettext_lazy("audit field", "Member"),
        "name": pgettext_lazy("audit field", "Name"),
        "name_en": pgettext_lazy("audit field", "Name in English"),
        "name_zh": pgettext_lazy("audit field", "Name in Chinese"),
        "number": pgettext_lazy("audit field", "Number"),
        "origin": pgettext_lazy("audit field", "Origin"),
        "owner_id": pgettext_lazy("audit field", "Owner"),
        "points": pgettext_lazy("audit field", "Points"),
        "purpose": pgettext_lazy("audit field", "Purpose"),
        "reason": pgettext_lazy("audit field", "Reason"),
        "receipt_id": pgettext_lazy("audit field", "Receipt"),
        "role": pgettext_lazy("audit field", "Role"),
        "roles": pgettext_lazy("audit field", "Roles"),
        "rows": pgettext_lazy("audit field", "Rows"),
        "source": pgettext_lazy("audit field", "Source"),
        "starts_at": pgettext_lazy("audit field", "Starts at"),
        "starts_on": pgettext_lazy("audit field", "Starts on"),
        "state": pgettext_lazy("audit field", "State"),
        "status": pgettext_lazy("audit field", "State"),
        "store_id": pgettext_lazy("audit field", "Store"),
        "store_ids": pgettext_lazy("audit field", "Stores"),
        "staff_id": pgettext_lazy("audit field", "Colleague"),
        "tag": pgettext_lazy("audit field", "Tag"),
        "tenant_id": pgettext_lazy("audit field", "Tenant"),
        "tenant_ids": pgettext_lazy("audit field", "Tenants"),
        "title": pgettext_lazy("audit field", "Title"),
        "till_id": pgettext_lazy("audit field", "Till"),
        "value": pgettext_lazy("audit field", "Value"),
        "version": pgettext_lazy("audit field", "Version"),
        "why": pgettext_lazy("audit field", "Why"),
    }
)
