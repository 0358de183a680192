"""The tables, as the newest migration leaves them.

Moments are integers (microseconds since 1970, UTC), dates are ISO text: the same on every database.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Give a moment as the integer that is stored: exact, no floating point."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """Give the aware UTC moment that a stored integer stands for."""
    return _EPOCH + timedelta(microseconds=value)


class MomentField(BigIntegerField):
    """A moment in time, stored as microseconds since 1970 in UTC."""

    def db_value(self, value: Any) -> Any:
        """Take an aware datetime, or an integer as stored."""
        return to_micros(value) if isinstance(value, datetime) else value

    def python_value(self, value: Any) -> Any:
        """Give an aware datetime."""
        return from_micros(value) if isinstance(value, int) else value


class DayField(CharField):
    """A date without a zone, stored as ISO text: its order is the calendar's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=10, **kwargs)

    def db_value(self, value: Any) -> Any:
        """Take a date, or ISO text."""
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: Any) -> Any:
        """Give a date."""
        return date.fromisoformat(value) if isinstance(value, str) else value


class Setting(Model):
    """What the workspace remembers of itself: how often its pipelines were changed."""

    key = CharField(primary_key=True, max_length=40)
    value = TextField()


class User(Model):
    """A person who acts; `folded` is the name as it is looked up."""

    id = AutoField()
    name = TextField()
    folded = TextField(unique=True)
    role = CharField(max_length=10)

    class Meta:
        table_name = "person"


class PipelineRow(Model):
    """A pipeline."""

    key = CharField(primary_key=True, max_length=60)
    name = TextField()
    currency = CharField(max_length=3)
    position = IntegerField(default=0)

    class Meta:
        table_name = "pipeline"


class StageRow(Model):
    """A stage of a pipeline; `demands` holds field names, blank-separated."""

    pipeline = ForeignKeyField(PipelineRow, column_name="pipeline", index=False)
    key = CharField(max_length=60)
    position = IntegerField()
    name = TextField()
    kind = CharField(max_length=10)
    demands = TextField(default="")
    question = TextField(default="")
    guidance = TextField(default="")
    entry = TextField(default="")
    probability = IntegerField(null=True)
    rot_days = IntegerField(default=0)
    follow_up_days = IntegerField(default=3)
    wip_limit = IntegerField(default=0)
    color = CharField(max_length=40, default="")
    retired = BooleanField(default=False)

    class Meta:
        table_name = "stage"
        primary_key = CompositeKey("pipeline", "key")


class _Listed(Model):
    pipeline = ForeignKeyField(PipelineRow, column_name="pipeline", index=False)
    key = CharField(max_length=60)
    position = IntegerField()
    name = TextField()
    retired = BooleanField(default=False)


class DetailRow(_Listed):
    """A detail of a stage."""

    stage = CharField(max_length=60)

    class Meta:
        table_name = "detail"
        primary_key = CompositeKey("pipeline", "stage", "key")


class ReasonRow(_Listed):
    """A reason for a loss."""

    class Meta:
        table_name = "reason"
        primary_key = CompositeKey("pipeline", "key")


class SourceRow(_Listed):
    """A source of deals."""

    class Meta:
        table_name = "source"
        primary_key = CompositeKey("pipeline", "key")


class QualifierRow(_Listed):
    """A qualifier that a pipeline lists."""

    class Meta:
        table_name = "qualifier"
        primary_key = CompositeKey("pipeline", "key")


class FieldRow(_Listed):
    """A custom field of a pipeline; `choices` is JSON: a list of key, name, retired."""

    kind = CharField(max_length=10)
    choices = TextField(default="[]")
    help = TextField(default="")

    class Meta:
        table_name = "field"
        primary_key = CompositeKey("pipeline", "key")


class PipelineVersionRow(Model):
    """A state that a pipeline was in, its definition as TOML; the newest one says whether it is retired."""

    pipeline = ForeignKeyField(PipelineRow, column_name="pipeline", index=False)
    version = IntegerField()
    at = MomentField(null=True)
    who = ForeignKeyField(User, null=True, column_name="who_id", index=False)
    retired = BooleanField(default=False)
    text = TextField()

    class Meta:
        table_name = "pipeline_version"
        primary_key = CompositeKey("pipeline", "version")


class Company(Model):
    """A company; found again by its folded name."""

    id = AutoField()
    name = TextField()
    folded = TextField(unique=True)


class Contact(Model):
    """A person at a company, or on his own."""

    id = AutoField()
    name = TextField()
    folded = TextField(index=True)
    email = TextField(default="")
    phone = TextField(default="")
    company = ForeignKeyField(Company, null=True, column_name="company_id")


class DealRow(Model):
    """A deal. `due_on` is what the today pane sorts by; `search` the folded text in which words are looked up; `custom` the
    values of custom fields as `storage.custom_columns` writes them.
    """

    number = IntegerField(primary_key=True)
    title = TextField()
    company = ForeignKeyField(Company, null=True, column_name="company_id")
    contact = ForeignKeyField(Contact, null=True, column_name="contact_id")
    source = CharField(max_length=60)
    owner = ForeignKeyField(User, null=True, column_name="owner_id", backref="owned")
    created_by = ForeignKeyField(User, null=True, column_name="created_by_id", index=False, backref="made")
    amount = BigIntegerField(null=True)
    currency = CharField(max_length=3)
    probability = IntegerField(null=True)
    pipeline = CharField(max_length=60)
    stage = CharField(max_length=60)
    detail = CharField(max_length=60, null=True)
    outcome = CharField(max_length=10)
    reach = CharField(max_length=60, null=True)
    created = MomentField()
    stage_entered = MomentField()
    touched = MomentField()
    expected_close = DayField()
    follow_up = DayField(null=True)
    follow_up_note = TextField(default="")
    follow_up_repeat = CharField(max_length=20, default="")
    due_on = DayField(null=True)
    qualifier = TextField(default="")
    tags = TextField(default="")
    notes = TextField(default="")
    reason = CharField(max_length=60, null=True)
    reason_note = TextField(default="")
    closed_on = DayField(null=True)
    external_system = CharField(max_length=60, null=True)
    external_id = TextField(null=True)
    version = IntegerField(default=1)
    search = TextField(default="")
    custom = TextField(default="{}")

    class Meta:
        table_name = "deal"


class VisitRow(Model):
    """One stay of a deal in one stage; `pipeline` is that of a stay in another one than the deal is in now."""

    id = AutoField()
    deal = ForeignKeyField(DealRow, column_name="deal", index=False)
    stage = CharField(max_length=60)
    detail = CharField(max_length=60, null=True)
    entered = MomentField()
    left = MomentField(null=True, column_name="left_at")
    seconds = BigIntegerField(null=True)
    who = ForeignKeyField(User, null=True, column_name="who_id", index=False)
    pipeline = CharField(max_length=60, null=True)

    class Meta:
        table_name = "visit"


class ChangeRow(Model):
    """What one transaction of one person changed: what one undo takes back."""

    id = AutoField()
    who = ForeignKeyField(User, column_name="who_id", index=False)
    at = MomentField()
    state = CharField(max_length=10, default="done")

    class Meta:
        table_name = "change"


class EventRow(Model):
    """One line of history. Append only."""

    id = AutoField()
    deal = ForeignKeyField(DealRow, column_name="deal", index=False)
    at = MomentField()
    change = ForeignKeyField(ChangeRow, null=True, column_name="change", index=False)
    who = ForeignKeyField(User, null=True, column_name="who_id", index=False)
    kind = CharField(max_length=20)
    version = IntegerField()
    data = TextField()

    class Meta:
        table_name = "event"


class ViewRow(Model):
    """A saved view of the list: one person's own, by its name; `data` is JSON."""

    id = AutoField()
    person = ForeignKeyField(User, column_name="person_id", index=False)
    name = TextField()
    position = IntegerField()
    data = TextField()

    class Meta:
        table_name = "view"
