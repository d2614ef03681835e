"""What the core needs from the world, said as protocols."""
