"""The durable processes, one file each. They read like the procedure: the rules are elsewhere."""
