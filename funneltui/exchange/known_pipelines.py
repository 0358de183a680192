"""What a repair can know of pipelines besides a workspace's rows: how a version's text is read, and the presets."""

from __future__ import annotations

from funneltui.exchange.pipeline_files import preset, preset_names, read_pipeline
from funneltui.services.repair_definitions import Known


def known_pipelines() -> Known:
    """Give what tells pipelines whose rows are lost."""
    return Known(lambda text: read_pipeline(text, "a stored version"), tuple(preset(name) for name in preset_names()))
