"""The queries that the report's numbers are made from: each is executed once in an edition's life."""
