"""Sources: where a tenant's rows come from."""
