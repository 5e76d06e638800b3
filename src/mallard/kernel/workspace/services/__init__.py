"""Every write of what people keep."""
