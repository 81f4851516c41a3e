"""The register: the lasting record of what happened, and what people read in bulk."""
