"""News for the screens that are open: a signal that lets go of those which were left."""

from typing import TYPE_CHECKING

from textual.signal import Signal, SignalCallbackType

if TYPE_CHECKING:
    from textual.dom import DOMNode


class News(Signal[None]):
    """A signal; who was left is forgotten when the next one subscribes.

    Textual forgets them when it publishes: where nothing happens for hours, every form and page that was opened
    would stay in memory.
    """

    def subscribe(self, node: "DOMNode", callback: SignalCallbackType[None], immediate: bool = False) -> None:
        """Tell a node of each piece of news."""
        for gone in [known for known in self._subscriptions if not known.is_running]:
            self.unsubscribe(gone)
        super().subscribe(node, callback, immediate)
