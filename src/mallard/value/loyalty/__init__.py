"""The programme: what earns points, how long they live, which tier a member is in."""
