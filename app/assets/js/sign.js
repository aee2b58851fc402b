// Signature pad: pointer strokes become polylines with whole-number points; nothing else is kept.
// The page gives <svg data-pad viewBox="0 0 328 176"> with <g class="pad-ink">, [data-pad-hint],
// <button data-pad-undo> and <input type="hidden" data-pad-strokes>. The hidden field receives
// JSON: a list of strokes, each a list of [x, y] with 0 <= x <= width and 0 <= y <= height of the viewBox.
// Without this file the second way, typing the name, still works.
const MOST_POINTS = 4000; // a long name has a few hundred; more is not a signature

const pad = document.querySelector("[data-pad]");
if (pad) {
  const ink = pad.querySelector(".pad-ink");
  const hint = document.querySelector("[data-pad-hint]");
  const undo = document.querySelector("[data-pad-undo]");
  const field = document.querySelector("[data-pad-strokes]");
  const { width, height } = pad.viewBox.baseVal;
  let strokes = [];
  let stroke = null;
  let line = null;

  const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [
      within(((event.clientX - box.left) * width) / box.width, width),
      within(((event.clientY - box.top) * height) / box.height, height),
    ];
  };
  const draw = (points) => {
    const polyline = ink.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "polyline"));
    polyline.setAttribute("points", points.join(" "));
    return polyline;
  };
  const show = () => {
    const drawn = strokes.length > 0;
    if (hint) hint.hidden = drawn;
    if (undo) undo.hidden = !drawn;
    if (field) field.value = drawn ? JSON.stringify(strokes) : "";
  };
  const size = () => strokes.reduce((sum, points) => sum + points.length, 0);

  // The field comes back filled when the server asks for something else on the same page.
  try {
    strokes = JSON.parse(field?.value || "[]");
  } catch {
    strokes = [];
  }
  strokes.forEach(draw);
  show();

  pad.addEventListener("pointerdown", (event) => {
    if (stroke || size() >= MOST_POINTS) return; // one pointer at a time: a resting palm draws nothing
    pad.setPointerCapture(event.pointerId);
    stroke = [at(event)];
    strokes.push(stroke);
    line = draw(stroke);
    show();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!stroke || !pad.hasPointerCapture(event.pointerId) || size() >= MOST_POINTS) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const point = at(one), last = stroke[stroke.length - 1];
      if (point[0] !== last[0] || point[1] !== last[1]) stroke.push(point);
    }
    line.setAttribute("points", stroke.join(" "));
  });
  for (const end of ["pointerup", "pointercancel"])
    pad.addEventListener(end, () => {
      stroke = null;
      show();
    });
  undo?.addEventListener("click", () => {
    strokes = [];
    ink.replaceChildren();
    show();
  });
}
