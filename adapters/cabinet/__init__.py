"""Stand-ins of the school systems' own cabinets, for the demo: they sign their people in at the door."""
