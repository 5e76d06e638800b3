"""An app that exists in drills only: it listens to events and writes down what it hears."""

HEARD_VARIABLE = "DRILL_HEARD_FILE"
"""The environment variable that names the file to write into."""
