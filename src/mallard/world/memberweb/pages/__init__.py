"""The doors of the member page, and the desk's link to it."""
