"""Console pages about who works here: the doors, the own profile, people, roles."""
