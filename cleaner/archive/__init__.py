"""Archives of any size: records in, rows out, the runner between them."""
