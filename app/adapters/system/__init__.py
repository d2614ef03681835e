"""System adapters: clock, entropy, processes, data folder, log."""
