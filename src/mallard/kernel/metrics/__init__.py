"""Figures for a monitoring system: requests, jobs, events, connections. Nothing personal."""
