"""What the use cases ask of the store, the pacer and the clock. The store is queried in bulk, never for single rows."""
