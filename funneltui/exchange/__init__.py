"""Files in and out: pipelines, deals and reports, between the disk and the services."""
