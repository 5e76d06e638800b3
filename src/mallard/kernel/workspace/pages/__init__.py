"""Console pages of what a person keeps."""
