"""The three stories of the demo, and the playing of all of them."""

import datetime as dt
from pathlib import Path

from pmtui.demo.datacentre import DATACENTRE
from pmtui.demo.erp import ERP
from pmtui.demo.hris import HRIS
from pmtui.demo.money import tell_money
from pmtui.demo.play import play
from pmtui.demo.raid import tell_raid
from pmtui.demo.sheets import tell_sheets
from pmtui.demo.talk import tell_talk
from pmtui.demo.work import tell_work

STORIES = (HRIS, ERP, DATACENTRE)
TELLERS = (tell_work, tell_raid, tell_money, tell_talk, tell_sheets)


def play_all(workspace: Path, now: dt.datetime, seed: int) -> dict[str, int]:
    """Play every story into a workspace; each project's last sequence number."""
    return {story.code: play(story, workspace, now, seed, TELLERS) for story in STORIES}
