"""Receipts and returns in the console."""
