"""What can be seen of each block: the one definition of the labeler's features.

HTML and text captures give the same features; what only markup shows is absent (NaN) for a text
capture.
"""
