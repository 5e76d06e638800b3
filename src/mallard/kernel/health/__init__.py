"""Is everything well? Checks with cause and cure, for a page, a command and alarms."""
