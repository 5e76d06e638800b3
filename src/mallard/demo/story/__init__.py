"""What is planted into the demo's year on top of the source, and the key to finding it again.

Every fact here is generated: it carries that origin and is left out of accuracy figures.
"""
