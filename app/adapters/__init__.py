"""The outside world, one room per thing; none of them knows another."""
