"""Console pages of the place, by what they show."""
