"""Settings for all tests."""

from hypothesis import settings

# Examples are not timed: a busy machine would fail what is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
