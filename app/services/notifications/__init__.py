"""The notification queue: enqueueing, worker pool, settlement, recovery, failover, pruning."""
