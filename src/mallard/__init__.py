"""Mallard: an open CRM for shopping malls, the stores in them and the merchants behind them."""

__version__ = "0.1.0"
