"""The only place that speaks SQL: tables in, domain values out."""
