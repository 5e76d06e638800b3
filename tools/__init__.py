"""Programs that keep the house in order: run by `make`, never shipped in the wheel."""
