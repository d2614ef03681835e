"""Demo adapter: the simulated world of a training."""
