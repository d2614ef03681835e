"""What the program knows of time, and what it does when the PC's clock is set."""
