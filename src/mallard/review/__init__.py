"""Did it work? Reports, and later research and learning."""
