"""Everything Qt: reads the store, talks to the engine's process, never to the network."""
