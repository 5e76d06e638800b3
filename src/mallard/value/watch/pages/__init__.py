"""Console pages of the fraud watch: alerts, and what it goes by."""
