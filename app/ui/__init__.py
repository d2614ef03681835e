"""The window at the counter; Qt is met here and nowhere else."""
