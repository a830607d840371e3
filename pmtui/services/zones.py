"""The time zone of a user, with its changes of clocks: what meetings' times are on."""

import datetime as dt
from zoneinfo import ZoneInfo

from pmtui.services.session import Session


def zone_of(session: Session) -> dt.tzinfo:
    """The zone of the session's clock.

    The system's clock tells only how far it is from UTC now; its zone's rules come from ``TZ`` or the system, so that
    a meeting in July is right in January.
    """
    zone = session.now().tzinfo or dt.UTC
    if isinstance(zone, ZoneInfo) or zone is dt.UTC:
        return zone
    from dateutil.tz import gettz  # only where a calendar is written or read

    ours = gettz()
    now = session.now()
    return ours if ours is not None and now.astimezone(ours).utcoffset() == now.utcoffset() else zone
