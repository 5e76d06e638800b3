// Outlines of units: lists of [x, y] in whole decimetres. Pure functions.
const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
const same = (a, b) => a[0] === b[0] && a[1] === b[1];
const between = (a, b, c) =>
  Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) &&
  Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);

export const rectangle = (x, y, width, height) => [
  [x, y], [x + width, y], [x + width, y + height], [x, y + height],
];

export function box(outline) {
  const [xs, ys] = [outline.map((one) => one[0]), outline.map((one) => one[1])];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

export const twiceArea = (outline) =>
  outline.reduce((sum, a, i) => {
    const b = outline[(i + 1) % outline.length];
    return sum + a[0] * b[1] - b[0] * a[1];
  }, 0);

export const moved = (outline, dx, dy) => {
  const { left, top } = box(outline);
  const [x, y] = [Math.max(dx, -left), Math.max(dy, -top)];
  return outline.map((one) => [one[0] + x, one[1] + y]);
};

// Farther corners go along: a rectangle stays one.
export function resized(outline, dx, dy) {
  const { left, top, right, bottom } = box(outline);
  const [width, height] = [Math.max(1, right - left + dx), Math.max(1, bottom - top + dy)];
  return outline.map(([x, y]) => [
    left + Math.round(((x - left) * width) / (right - left)),
    top + Math.round(((y - top) * height) / (bottom - top)),
  ]);
}

// Without corners that lie on a straight wall, or twice on one spot.
function tidy(outline) {
  let rest = outline.filter((one, i) => !same(one, outline[(i + 1) % outline.length]));
  rest = rest.filter((one, i) => {
    const [before, after] = [rest[(i + rest.length - 1) % rest.length], rest[(i + 1) % rest.length]];
    return turn(before, one, after) !== 0;
  });
  return rest;
}

// The part of an outline on one side of a line (Sutherland and Hodgman, 1974).
function half(outline, axis, at, sign) {
  const kept = [];
  outline.forEach((a, i) => {
    const b = outline[(i + 1) % outline.length];
    const [da, db] = [sign * (a[axis] - at), sign * (b[axis] - at)];
    if (da <= 0) kept.push(a);
    if (da * db < 0) {
      const share = da / (da - db);
      const cut = [0, 1].map((n) => Math.round(a[n] + share * (b[n] - a[n])));
      cut[axis] = at;
      kept.push(cut);
    }
  });
  return tidy(kept);
}

export const split = (outline, axis, at) => [half(outline, axis, at, 1), half(outline, axis, at, -1)];

function withCornersOf(outline, other) {
  return outline.flatMap((a, i) => {
    const b = outline[(i + 1) % outline.length];
    const on = other.filter((one) => turn(a, b, one) === 0 && between(a, b, one) && !same(one, a) && !same(one, b));
    const far = (one) => Math.abs(one[0] - a[0]) + Math.abs(one[1] - a[1]);
    return [a, ...on.sort((one, two) => far(one) - far(two))];
  });
}

// Two units with one common wall as one; null where they have none, or more than one.
export function merged(first, second) {
  const turned = (outline) => (twiceArea(outline) < 0 ? [...outline].reverse() : outline);
  const [a, b] = [withCornersOf(turned(first), second), withCornersOf(turned(second), first)];
  const edges = (outline) => outline.map((one, i) => [one, outline[(i + 1) % outline.length]]);
  const isShared = ([p, q], others) => others.some(([r, s]) => same(p, s) && same(q, r));
  const [ea, eb] = [edges(a), edges(b)];
  const rest = [...ea.filter((one) => !isShared(one, eb)), ...eb.filter((one) => !isShared(one, ea))];
  if (rest.length === ea.length + eb.length) return null;
  const ring = [rest.shift()];
  while (rest.length) {
    const next = rest.findIndex(([start]) => same(start, ring.at(-1)[1]));
    if (next < 0) return null;
    ring.push(...rest.splice(next, 1));
    if (same(ring.at(-1)[1], ring[0][0]) && rest.length) return null;
  }
  return tidy(ring.map(([start]) => start));
}
