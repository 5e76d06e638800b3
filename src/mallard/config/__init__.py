"""Assembles the product, decides nothing."""
