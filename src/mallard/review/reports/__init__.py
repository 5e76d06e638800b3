"""Figures for everybody: the catalogue, the home of each role, sales analysis."""
