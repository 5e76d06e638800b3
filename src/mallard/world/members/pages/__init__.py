"""Console pages about members."""
