"""What moves: points, sales, loyalty, checkout."""
