"""Pure values and rules of the product: no clock, no chance, no input or output."""
