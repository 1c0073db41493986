"""Clean article text and metadata from noisy captured web pages."""
