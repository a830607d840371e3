"""A compositor that renders no more than changed.

Textual renders all lines of every widget that is seen, the containers behind them too, to draw two lines of one of
them. Kept strips make that cheap, but a cursor that moves costs it hundreds of them.
"""

from collections.abc import Iterable

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class BandCompositor(Compositor):
    """Textual's compositor, which asks widgets only for the lines between the first and the last that changed.

    And of those behind one another for no more than the one that covers them.
    """

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if crop is None:
            yield from super()._get_renders()
            return
        band = Region(0, crop.y, self.size.width, crop.height)
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip).intersection(band)
            if shown:
                yield shown, shown, widget.render_lines(shown.translate((-region.x, -region.y)))
                if shown.contains_region(crop):
                    return  # what is behind it is not seen
