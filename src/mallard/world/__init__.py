"""Who and what exists: malls, catalogue, staff, members."""
