"""Django's PostgreSQL backend, cheaper where Mallard asks it most."""
