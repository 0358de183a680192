"""The table of the inbox, as the newest migration leaves it."""

from __future__ import annotations

from peewee import AutoField, CharField, ForeignKeyField, Model, TextField

from funneltui.storage.tables import DealRow, MomentField, PipelineRow, User


class InboxRow(Model):
    """What arrived by mail or web form; `texts` is JSON, `deal` the last deal that came of it, undone or not."""

    id = AutoField()
    channel = CharField(max_length=10)
    message_id = TextField()
    received = MomentField()
    sent = MomentField(null=True)
    sender = TextField()
    texts = TextField()
    text = TextField()
    pipeline = ForeignKeyField(PipelineRow, column_name="pipeline", index=False)
    stage = CharField(max_length=60, null=True)
    owner = ForeignKeyField(User, null=True, column_name="owner_id", index=False, backref="inbox")
    who = ForeignKeyField(User, column_name="who_id", index=False, backref="taken_in")
    deal = ForeignKeyField(DealRow, null=True, column_name="deal", index=False)
    dropped = MomentField(null=True, column_name="dropped_at")
    dropped_by = ForeignKeyField(User, null=True, column_name="dropped_by_id", index=False, backref="dropped")

    class Meta:
        table_name = "inbox"
