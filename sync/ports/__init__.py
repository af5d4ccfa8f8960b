"""What the use cases ask of the store, the pacer and the clock. The store is asked in bulk, never for one thing."""
