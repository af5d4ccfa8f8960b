"""Guards against mass removals and mass joins by mistake. Events about a single child are never counted."""
