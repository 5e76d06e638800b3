"""No business at all: what every floor above stands on."""
