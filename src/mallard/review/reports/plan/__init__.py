"""A floor coloured by any figure that a single store has."""
