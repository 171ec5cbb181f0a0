"""A chart on the page of a PDF: its paths, lines and texts at their places."""

import re
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from fpdf.drawing import DrawingContext, PaintedPath
from fpdf.drawing_primitives import Transform
from fpdf.svg import svg_path_converter

from funnel_sim.output.charts.pictures import chart_svg
from funnel_sim.output.design import points
from funnel_sim.output.documents.blocks import Chart

_CHART_WIDTH, _CHART_HEIGHT = 470.0, 440.0
LEAST_CHART = 0.6
"""How far a drawing may be made smaller to stand on a page, as a share of its size."""
_PLACE = re.compile(r"translate\(([-\d.e]+)(?:[ ,]+([-\d.e]+))?\)(?:\s*rotate\(([-\d.e]+)\))?")


def drawing_of(block: Chart) -> Element:
    """Return a chart as a drawing (SVG)."""
    element: Element = fromstring(chart_svg(block.spec, block.data))
    return element


def drawing_size(drawing: Element) -> tuple[float, float]:
    """Return how wide and high a drawing is on paper."""
    width, height = float(drawing.get("width", "1")), float(drawing.get("height", "1"))
    scale = min(_CHART_WIDTH / width, _CHART_HEIGHT / height, points(1))
    return width * scale, height * scale


def put_on_page(
    node: Element,
    x: float,
    y: float,
    left: float,
    top: float,
    scale: float,
    shapes: DrawingContext,
    texts: list[tuple[float, float, float, Element]],
) -> None:
    """Gather what a drawing shows: paths and lines as shapes on the page, texts with their places
    in the drawing.
    """
    found = _PLACE.match(node.get("transform", ""))
    turn = 0.0
    if found:
        x, y, turn = x + float(found[1]), y + float(found[2] or 0), float(found[3] or 0)
    tag = node.tag.rpartition("}")[2]
    if node.get("display") == "none" or tag in ("defs", "clipPath"):
        return
    if node.get("opacity") == "0":  # a label of an axis that would lie over another one
        return
    if tag == "text" and node.get("stroke") not in (None, "none", "transparent"):
        return  # the rim around a name, which paper has no use for
    if tag == "text":
        texts.append((x, y, turn, node))
    elif tag in ("path", "line"):
        made = _shape(node, tag)
        if made is not None:
            made.transform = (
                Transform.translation(x, y)
                @ Transform.scaling(scale)
                @ Transform.translation(left, top)
            )
            shapes.add_item(made)
    for child in node:
        put_on_page(child, x, y, left, top, scale, shapes, texts)


def _shape(node: Element, tag: str) -> PaintedPath | None:
    fill, stroke = (node.get(name) for name in ("fill", "stroke"))
    fill = None if fill in (None, "none", "transparent") or tag == "line" else fill
    stroke = None if stroke in (None, "none", "transparent") else stroke
    if (fill is None and stroke is None) or (tag == "path" and not node.get("d")):
        return None
    path = PaintedPath()
    if tag == "line":
        path.move_to(float(node.get("x1", "0")), float(node.get("y1", "0")))
        path.line_to(float(node.get("x2", "0")), float(node.get("y2", "0")))
    else:
        svg_path_converter(path, node.get("d", ""))
    opacity = float(node.get("opacity", "1"))
    path.style.auto_close = False
    path.style.fill_color, path.style.stroke_color = fill, stroke
    path.style.fill_opacity = opacity * float(node.get("fill-opacity", "1"))
    path.style.stroke_opacity = opacity * float(node.get("stroke-opacity", "1"))
    path.style.stroke_width = float(node.get("stroke-width", "1")) if stroke else 0
    if node.get("stroke-dasharray"):
        path.style.stroke_dash_pattern = [
            float(one) for one in node.get("stroke-dasharray", "").split(",")
        ]
    return path
