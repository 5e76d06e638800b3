"""Visits, receipts and returns: what was bought, where and by whom."""
