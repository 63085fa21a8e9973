"""Everything that reaches a host: transports, sessions, the engine that visits them."""
