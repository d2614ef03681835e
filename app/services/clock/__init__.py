"""Clock of the core: monotonic time, trusted time, and the stored moments shifted when the PC's clock is set."""
