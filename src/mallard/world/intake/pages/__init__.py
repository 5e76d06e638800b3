"""Console pages about imports."""
