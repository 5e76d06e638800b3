"""Use cases at the till: they span sales, loyalty and the ledger."""
