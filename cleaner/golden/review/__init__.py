"""The review: a local page in the browser to look at cases, correct them, accept or reject."""
