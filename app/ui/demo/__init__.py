"""What only a training has: the customers' phones and the rush."""
