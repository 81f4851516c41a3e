"""How Waymark meets the machine it runs on: settings, the Temporal server, connections and logs."""
