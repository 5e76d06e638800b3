"""Tells other systems what has happened: signed HTTP requests, tried again until they arrive."""
