"""Drawing floor plans: whole floors at a time, checked as a whole, every save a version."""
