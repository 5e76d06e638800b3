"""How long every table keeps its rows, declared beside the tables, enforced every night."""
