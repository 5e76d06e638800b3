"""Console pages of rewards."""
