"""Rate limits of several processes: shared through Redis or Valkey, or else divided between the processes.

A process takes from Redis in batches and then counts by itself, so that a warm decision asks nobody. While Redis is
away every process keeps to its part of each limit: the limit divided by the processes that were last seen alive.
"""
