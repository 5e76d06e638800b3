"""People at tenants': sealed under a key each, shown masked, revealed with a trace."""
