"""The tables of quotas and rates, as the newest migration leaves them: every revision is a row of its own."""

from __future__ import annotations

from peewee import AutoField, BigIntegerField, CharField, ForeignKeyField, Model, TextField

from funneltui.storage.tables import DayField, MomentField, PipelineRow, User


class QuotaRow(Model):
    """What somebody (nobody: the team) was to sell in a period, as it was set at one moment; without an amount: taken back.

    The row of the greatest id holds; those before it are its history. Without a pipeline it is for all of them.
    """

    id = AutoField()
    owner = ForeignKeyField(User, null=True, column_name="owner_id", index=False, backref="quotas")
    pipeline = ForeignKeyField(PipelineRow, null=True, column_name="pipeline", index=False)
    span = CharField(max_length=10)
    first = DayField(column_name="first_day")
    amount = BigIntegerField(null=True)
    currency = CharField(max_length=3)
    who = ForeignKeyField(User, column_name="who_id", index=False, backref="quotas_set")
    at = MomentField()

    class Meta:
        table_name = "quota"


class RateRow(Model):
    """What one unit of a currency was worth in another on a day: exact decimal text. Of one day the greatest id holds."""

    id = AutoField()
    source = CharField(max_length=3)
    target = CharField(max_length=3)
    day = DayField()
    rate = TextField()
    who = ForeignKeyField(User, column_name="who_id", index=False, backref="rates_entered")
    at = MomentField()

    class Meta:
        table_name = "rate"
