"""Colours by place: what lies near on a map looks alike, and no two technologies are the same.

Left to right runs from blue to yellow, low to high from dark to light and from red to green. Who
cannot tell red from green still sees both directions: one by hue, one by lightness.
"""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex

DARK, LIGHT = 26.0, 60.0  # CIE lightness; 60 has a contrast of 3 to white (WCAG 2.2, 1.4.11)
WORDS = 32.0  # lightness of coloured words at the most
RED, BLUE = 48.0, 62.0  # reach along the axes a* and b*, as far as the screen has the colours
MIDDLE = 14.0  # a* in the middle of the map, which would be as grey as what belongs nowhere
_WHITE = np.array([0.95047, 1.0, 1.08883])
_RGB = np.array([[3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560],
                 [0.0556434, -0.2040259, 1.0572252]])  # fmt: skip


def by_place(places: np.ndarray, most: float = LIGHT) -> list[str]:
    """Colour of each place, n x 2; places are spread evenly over the colours.

    Parameters
    ----------
    places
        ``x, y`` by row.
    most
        Lightness that is not exceeded.

    References
    ----------
    CIE 1976 (L*, a*, b*) colour space; IEC 61966-2-1 for sRGB.
    """
    across, up = (_spread(np.asarray(places, dtype="float64")[:, k]) for k in (0, 1))
    light = np.minimum(DARK + (LIGHT - DARK) * (up + 1) / 2, most)
    return [
        to_hex(tuple(map(float, _screen(*one))))  # type: ignore[arg-type]  # three of them
        for one in zip(light, MIDDLE - RED * up, BLUE * across, strict=True)
    ]  # fmt: skip


def _spread(values: np.ndarray) -> np.ndarray:
    """From -1 to 1, half by rank and half by distance: crowds come apart, gaps stay visible."""
    if len(values) < 2:
        return np.zeros(len(values))
    rank = np.empty(len(values))
    rank[np.argsort(values, kind="stable")] = np.linspace(-1, 1, len(values))
    width = float(np.ptp(values)) or 1.0
    return np.asarray((rank + 2 * (values - values.min()) / width - 1) / 2)


def _screen(light: float, red: float, yellow: float) -> np.ndarray:
    """The nearest colour that a screen has, of the same lightness and hue."""
    for chroma in np.linspace(1, 0, 41):
        rgb = _linear(light, red * chroma, yellow * chroma)
        if rgb.min() >= -1e-6 and rgb.max() <= 1 + 1e-6:
            break
    rgb = np.clip(rgb, 0, 1)
    return np.asarray(np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055))


def _linear(light: float, red: float, yellow: float) -> np.ndarray:
    middle = (light + 16) / 116
    f = np.array([middle + red / 500, middle, middle - yellow / 200])
    xyz = np.where(f**3 > 0.008856, f**3, (f - 16 / 116) / 7.787) * _WHITE
    return np.asarray(_RGB @ xyz)
