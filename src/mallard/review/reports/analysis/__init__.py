"""Sales analysis: what sells, where, at which hours, and what it says."""
