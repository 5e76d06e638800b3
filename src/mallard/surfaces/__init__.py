"""How people and machines come in: these packages assemble what the apps offer."""
