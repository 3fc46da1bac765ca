"""The round earth on flat paper: two projections that keep areas as they are, and the part that is shown.

Points that lie near each other are seen in Lambert's azimuthal projection from above their middle (for Europe
much as in ETRS89-LAEA, which its statistics use); points all over the world in Equal Earth (Šavrič, Patterson
and Jenny, International Journal of Geographical Information Science 33, 2019).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.aspects.geography import Coordinates

Spot: TypeAlias = tuple[float, float]  # to the right and down; the radius of the earth is 1

WIDTH = 2000  # units across a map
MARGIN = 0.075  # of the map, on each side of the points
LEAST = 0.16  # across, about a thousand kilometres: less would have no outlines to know it by
WIDEST = 55.0  # degrees from the middle, beyond which it is a map of the world
FARTHEST = 130.0  # degrees from the middle to which an azimuthal map is drawn
RIM = 2 * math.sin(math.radians(FARTHEST) / 2)
EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
ROOT = math.sqrt(3) / 2


class Projection(Protocol):
    """A way to draw the earth."""

    def spot(self, longitude: float, latitude: float) -> Spot:
        """Where a point, in degrees, is drawn."""
        ...


@dataclass(frozen=True)
class Azimuthal:
    """Lambert's projection from above a point in degrees; what lies beyond FARTHEST stands on the rim."""

    longitude: float
    latitude: float

    def spot(self, longitude: float, latitude: float) -> Spot:
        """See `Projection`."""
        high, turn = math.radians(latitude), math.radians(longitude - self.longitude)
        sine, cosine = self._tilt
        right = math.cos(high) * math.sin(turn)
        up = cosine * math.sin(high) - sine * math.cos(high) * math.cos(turn)
        near = sine * math.sin(high) + cosine * math.cos(high) * math.cos(turn)
        scale = math.sqrt(2 / max(1 + near, 1e-9))
        length = math.hypot(right, up) * scale
        if length > RIM:
            scale *= RIM / length
        return right * scale, -up * scale

    @cached_property
    def _tilt(self) -> tuple[float, float]:
        return math.sin(math.radians(self.latitude)), math.cos(math.radians(self.latitude))


@dataclass(frozen=True)
class EqualEarth:
    """The world as a whole."""

    def spot(self, longitude: float, latitude: float) -> Spot:
        """See `Projection`."""
        a, b, c, d = EQUAL_EARTH
        theta = math.asin(ROOT * math.sin(math.radians(latitude)))
        square = theta * theta
        sixth = square**3
        slope = a + 3 * b * square + sixth * (7 * c + 9 * d * square)
        up = theta * (a + b * square + sixth * (c + d * square))
        return math.radians(longitude) * math.cos(theta) / (ROOT * slope), -up


@dataclass(frozen=True)
class View:
    """What of a projection is shown: a middle, and how far it is across and down."""

    projection: Azimuthal | EqualEarth
    x: float
    y: float
    across: float
    down: float

    @classmethod
    def of(cls, points: Sequence[Coordinates], ratio: float) -> View:
        """The view that shows some points, as wide as `ratio` times its height."""
        projection = _projection(points)
        spots = [projection.spot(one.longitude, one.latitude) for one in points]
        left, right = _ends(x for x, _ in spots)
        top, bottom = _ends(y for _, y in spots)
        across = max(right - left, (bottom - top) * ratio, LEAST) / (1 - 2 * MARGIN)
        # Rounded, so that views that are nearly the same are the same.
        step = across / 100
        middle = (round((left + right) / 2 / step) * step, round((top + bottom) / 2 / step) * step)
        return cls(projection, *(round(one, 6) for one in (*middle, across, across / ratio)))

    @property
    def height(self) -> int:
        """Units down the map."""
        return round(WIDTH * self.down / self.across)

    def place(self, longitude: float, latitude: float) -> Spot:
        """Where a point stands on the map, in units."""
        x, y = self.projection.spot(longitude, latitude)
        scale = WIDTH / self.across
        return (x - self.x) * scale + WIDTH / 2, (y - self.y) * scale + self.height / 2


def _projection(points: Sequence[Coordinates]) -> Azimuthal | EqualEarth:
    middle = _middle(points)
    if middle is None:
        return EqualEarth()
    found = Azimuthal(*middle)
    far = 2 * math.sin(math.radians(WIDEST) / 2)
    is_wide = any(math.hypot(*found.spot(one.longitude, one.latitude)) > far for one in points)
    return EqualEarth() if is_wide else found


def _middle(points: Sequence[Coordinates]) -> tuple[float, float] | None:
    """Longitude and latitude, in whole degrees, of the middle of some points; None where there is none."""
    x = y = z = 0.0
    for one in points:
        high, turn = math.radians(one.latitude), math.radians(one.longitude)
        x += math.cos(high) * math.cos(turn)
        y += math.cos(high) * math.sin(turn)
        z += math.sin(high)
    if math.hypot(x, y, z) < len(points) / 10:
        return None
    return round(math.degrees(math.atan2(y, x))), round(math.degrees(math.atan2(z, math.hypot(x, y))))


def _ends(numbers: Iterable[float]) -> tuple[float, float]:
    found = list(numbers)
    return min(found), max(found)
