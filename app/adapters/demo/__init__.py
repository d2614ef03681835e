"""The simulated world of a training."""
