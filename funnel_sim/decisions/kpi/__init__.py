"""How probable a KPI is, why, and what to agree on in its place."""
