"""Files of exports: written row by row, encrypted chunk by chunk."""
