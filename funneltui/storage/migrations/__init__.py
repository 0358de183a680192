"""The schema's history: numbered files for peewee's migration runner, from the first table on."""
