"""What can be wrong with a receipt or a return, in a cashier's words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mallard.kernel.errors import Conflict, DomainError, Invalid, NotFound


class UnknownStore(NotFound):
    code = "sales.unknown_store"
    message = _("There is no store with the code “%(store)s”, or you may not record sales there.")


class UnknownMember(NotFound):
    code = "sales.unknown_member"
    message = _("No member has this %(kind)s. Enrol them first, or send the receipt without one.")


class NumberReused(Conflict):
    code = "sales.number_reused"
    message = _(
        "Number %(number)s of this store was already used for something else. Nothing was changed."
    )


class InvalidReceipt(Invalid):
    code = "sales.invalid_receipt"
    message = _("This receipt cannot be recorded: %(detail)s")


class InvalidReturn(Invalid):
    code = "sales.invalid_return"
    message = _("This return cannot be recorded: %(detail)s")


class ReturnExceedsSale(DomainError):
    code = "sales.return_exceeds_sale"
    message = _("Line %(line)s has %(left)s left to return, and %(asked)s was asked for.")


class NothingLeftToReturn(DomainError):
    code = "sales.nothing_left_to_return"
    message = _("Everything on receipt %(number)s has already been returned.")


class ReturnBeforeSale(DomainError):
    code = "sales.return_before_sale"
    message = _("A return cannot be dated before its sale.")


class ReceiptNotFound(NotFound):
    code = "sales.receipt_not_found"
    message = _("We could not find that receipt.")


class UnknownStoreToDeclare(NotFound):
    code = "sales.unknown_store_to_declare"
    message = _("There is no store with the code “%(store)s”, or you may not declare its sales.")


class InvalidDeclaration(Invalid):
    code = "sales.invalid_declaration"
    message = _("This declaration cannot be recorded: %(detail)s")


class DeclarationConfirmed(Conflict):
    code = "sales.declaration_confirmed"
    message = _(
        "The sales of %(store)s on %(day)s are confirmed already. Ask finance to open them again."
    )


class DeclaredTwice(Invalid):
    code = "sales.declared_twice"
    message = _("%(store)s on %(day)s occurs twice in one batch, with different figures.")


class TooManyDeclarations(Invalid):
    code = "sales.too_many_declarations"
    message = _("At most %(limit)s declarations can be recorded at once.")
