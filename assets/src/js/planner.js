// The plan editor: units drawn on a grid, by mouse, finger, keys or numbers. Loaded by its page only.
import { box, merged, moved, rectangle, resized, split, twiceArea } from "./planner-geometry.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_STEPS = 100;
const STEP = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function start(root) {
  const find = (name) => root.querySelector(`[data-plan-${name}]`);
  const words = JSON.parse(document.getElementById("plan-words").textContent);
  const given = JSON.parse(document.getElementById("plan-units").textContent);
  const svg = find("canvas");
  let state = { shapes: given.shapes.map((one, i) => ({ ...one, key: i + 1 })), selected: null };
  let [past, future, tool, draft, drag, nextKey] = [[], [], "select", null, null, given.shapes.length + 1];

  let isRefocusing = false;

  const grid = () => Number(find("grid").value);
  const snap = (value) => Math.max(0, Math.round(value / grid()) * grid());
  const chosen = () => state.shapes.find((one) => one.key === state.selected);
  const say = (text) => { find("said").textContent = text; };
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const free = () => given.units.filter((unit) => !state.shapes.some((one) => one.id === unit.id));

  function change(make) {
    past = [...past, JSON.stringify(state)].slice(-MOST_STEPS);
    future = [];
    make();
    draw();
  }
  function step(from, to) {
    if (!from.length) return;
    to.push(JSON.stringify(state));
    state = JSON.parse(from.pop());
    draw();
  }
  function add(outline, more = {}) {
    change(() => {
      const key = nextKey++;
      state.shapes.push({ key, id: null, code: freshCode(), area: null, outline, ...more });
      state.selected = key;
    });
    say(words.added);
  }
  function freshCode() {
    const used = new Set([...given.units, ...state.shapes].map((one) => one.code.toLowerCase()));
    let number = 1;
    while (used.has(`${words.unit}-${number}`.toLowerCase())) number += 1;
    return `${words.unit}-${number}`;
  }
  const put = (shape, outline) => change(() => { shape.outline = outline; });

  function element(name, attributes, parent) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  }
  const points = (outline) => outline.map((one) => one.join(",")).join(" ");

  function drawShapes() {
    const layer = find("shapes");
    const hadFocus = layer.contains(document.activeElement);
    layer.replaceChildren();
    for (const shape of state.shapes) {
      const isChosen = shape.key === state.selected;
      const { left, top, right, bottom } = box(shape.outline);
      const group = element("g", {
        class: "planner-unit", tabindex: 0, role: "button", "aria-pressed": isChosen,
        "aria-label": shape.store ? `${shape.code}: ${shape.store}` : shape.code, "data-key": shape.key,
      }, layer);
      element("polygon", { points: points(shape.outline) }, group);
      const label = element("text", {
        x: (left + right) / 2, y: (top + bottom) / 2,
        "font-size": Math.max(8, Math.min(30, (right - left) / 6)), "aria-hidden": "true",
      }, group);
      label.textContent = shape.code;
      if (isChosen) {
        shape.outline.forEach(([x, y], i) =>
          element("circle", { cx: x, cy: y, r: handle(), class: "planner-corner", "data-corner": i }, group));
      }
    }
    if (draft) element("polyline", { points: points(draft), class: "planner-draft" }, layer);
    // The drawing is made anew: the focus goes to the unit that is chosen, which is no new choice.
    if (hadFocus) {
      isRefocusing = true;
      layer.querySelector('[aria-pressed="true"]')?.focus();
      isRefocusing = false;
    }
  }
  const handle = () => 5 / (svg.getScreenCTM()?.a || 1);

  function drawPanel() {
    const shape = chosen();
    find("panel").hidden = !shape;
    find("none").hidden = Boolean(shape);
    find("undo").disabled = !past.length;
    find("redo").disabled = !future.length;
    root.querySelectorAll("[data-tool]").forEach((one) => one.setAttribute("aria-pressed", one.dataset.tool === tool));
    find("field").value = JSON.stringify(state.shapes.map(({ id, code, area, outline }) => ({ id, code, area, outline })));
    if (!shape) return;
    const code = find("code");
    code.value = shape.code;
    code.readOnly = Boolean(shape.id);
    find("area").value = ((shape.area ?? Math.abs(twiceArea(shape.outline)) / 2) / 100).toFixed(2);
    find("drawn").textContent = (Math.abs(twiceArea(shape.outline)) / 200).toFixed(1);
    offer(find("assign"), free().map((unit) => [unit.id, unit.code]), words.newUnit);
    find("assign").closest("label").hidden = Boolean(shape.id) || !free().length;
    const neighbours = state.shapes.filter((one) => one !== shape && merged(shape.outline, one.outline));
    offer(find("merge"), neighbours.map((one) => [one.key, one.code]), words.chooseUnit);
    drawCorners(shape);
  }
  function offer(select, pairs, none) {
    select.replaceChildren(new Option(none, ""), ...pairs.map(([value, text]) => new Option(text, value)));
  }
  function drawCorners(shape) {
    const body = find("corners");
    if (body.contains(document.activeElement) && body.dataset.key === String(shape.key) &&
        body.rows.length === shape.outline.length) {
      shape.outline.forEach((one, i) => one.forEach((value, n) => {
        const field = body.rows[i].querySelectorAll("input")[n];
        if (field !== document.activeElement) field.value = value / 10;
      }));
      return;
    }
    body.dataset.key = shape.key;
    body.replaceChildren(...shape.outline.map((one, i) => {
      const row = document.createElement("tr");
      row.insertCell().textContent = i + 1;
      one.forEach((value, n) => {
        const field = document.createElement("input");
        Object.assign(field, { type: "number", step: 0.1, min: 0, max: 10000, value: value / 10, className: "form-control" });
        field.setAttribute("aria-label", fill(n ? words.cornerY : words.cornerX, { n: i + 1 }));
        field.addEventListener("change", () => {
          const wanted = shape.outline.map((corner) => [...corner]);
          wanted[i][n] = Math.max(0, Math.round(Number(field.value) * 10));
          put(shape, wanted);
        });
        row.insertCell().append(field);
      });
      return row;
    }));
  }
  function draw() { drawShapes(); drawPanel(); }

  function at(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [snap(point.x), snap(point.y)];
  }
  function closeDraft() {
    const corners = draft;
    draft = null;
    if (corners && corners.length >= 3) add(corners); else draw();
  }
  svg.addEventListener("pointerdown", (event) => {
    const [x, y] = at(event);
    if (tool === "polygon") {
      if (draft && draft.length > 2 && draft[0][0] === x && draft[0][1] === y) return closeDraft();
      draft = [...(draft ?? []), [x, y]];
      return draw();
    }
    svg.setPointerCapture(event.pointerId);
    if (tool === "rectangle") { drag = { kind: "rectangle", from: [x, y] }; return; }
    const key = Number(event.target.closest("[data-key]")?.dataset.key);
    state.selected = key || null;
    const shape = chosen();
    if (shape) {
      const corner = event.target.dataset.corner;
      drag = { kind: corner === undefined ? "move" : "corner", corner: Number(corner), from: [x, y],
               before: JSON.stringify(state), outline: shape.outline };
    }
    draw();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = at(event);
    if (drag.kind === "rectangle") {
      const [left, top] = [Math.min(x, drag.from[0]), Math.min(y, drag.from[1])];
      draft = rectangle(left, top, Math.abs(x - drag.from[0]), Math.abs(y - drag.from[1]));
      return drawShapes();
    }
    const shape = chosen();
    shape.outline = drag.kind === "move"
      ? moved(drag.outline, x - drag.from[0], y - drag.from[1])
      : drag.outline.map((one, i) => (i === drag.corner ? [x, y] : one));
    drawShapes();
  });
  svg.addEventListener("pointerup", () => {
    const done = drag;
    drag = null;
    if (!done) return;
    if (done.kind === "rectangle") {
      const corners = draft;
      draft = null;
      if (corners && twiceArea(corners)) { tool = "select"; add(corners); } else draw();
    } else if (done.before !== JSON.stringify(state)) {
      past = [...past, done.before].slice(-MOST_STEPS);
      future = [];
      draw();
    }
  });
  svg.addEventListener("dblclick", () => { if (tool === "polygon") closeDraft(); });
  svg.addEventListener("focusin", (event) => {
    const key = Number(event.target.closest("[data-key]")?.dataset.key);
    if (key && key !== state.selected && !drag && !isRefocusing) { state.selected = key; draw(); }
  });
  svg.addEventListener("keydown", (event) => {
    const shape = chosen();
    if (!shape || !event.target.closest("[data-key]")) return;
    const by = STEP[event.key]?.map((one) => one * grid());
    if (by) put(shape, event.shiftKey ? resized(shape.outline, ...by) : moved(shape.outline, ...by));
    else if (event.key === "Delete" || event.key === "Backspace") remove();
    else return;
    event.preventDefault();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { draft = null; drag = null; tool = "select"; draw(); }
    if (event.key === "Enter" && tool === "polygon" && draft) { event.preventDefault(); closeDraft(); }
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key) || event.target.matches("input")) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) step(future, past); else step(past, future);
  });
  function remove() {
    change(() => {
      state.shapes = state.shapes.filter((one) => one.key !== state.selected);
      state.selected = null;
    });
    say(words.removed);
  }
  function cut(axis) {
    const shape = chosen();
    const limits = box(shape.outline);
    const middle = snap(axis ? (limits.top + limits.bottom) / 2 : (limits.left + limits.right) / 2);
    const [first, second] = split(shape.outline, axis, middle);
    if (first.length < 3 || second.length < 3) return say(words.cannotSplit);
    change(() => {
      shape.outline = first;
      state.shapes.push({ key: nextKey++, id: null, code: freshCode(), area: null, outline: second });
    });
    say(words.wasSplit);
  }
  const actions = {
    undo: () => step(past, future), redo: () => step(future, past), remove,
    "split-across": () => cut(0), "split-along": () => cut(1),
    corner: () => {
      const shape = chosen();
      const [[ax, ay], [bx, by]] = [shape.outline.at(-1), shape.outline[0]];
      put(shape, [...shape.outline, [Math.round((ax + bx) / 2), Math.round((ay + by) / 2)]]);
    },
    rectangle: () => {
      const [x, y, width, height] = ["x", "y", "width", "height"].map((one) => Math.round(Number(find(`new-${one}`).value) * 10));
      if (!(x >= 0 && y >= 0 && width > 0 && height > 0)) return say(words.cannotAdd);
      add(rectangle(x, y, width, height));
    },
  };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-action], button[data-tool]");
    if (!button) return;
    if (button.dataset.tool) { tool = button.dataset.tool; draft = null; draw(); } else actions[button.dataset.action]();
  });
  find("merge").addEventListener("change", (event) => {
    const shape = chosen();
    const other = state.shapes.find((one) => one.key === Number(event.target.value));
    if (!other) return;
    change(() => {
      shape.outline = merged(shape.outline, other.outline);
      state.shapes = state.shapes.filter((one) => one !== other);
    });
    say(fill(words.wasMerged, { code: other.code }));
  });
  find("assign").addEventListener("change", (event) => {
    const unit = given.units.find((one) => one.id === event.target.value);
    if (unit) change(() => Object.assign(chosen(), { id: unit.id, code: unit.code, area: unit.area, store: unit.store }));
  });
  find("code").addEventListener("change", (event) => change(() => { chosen().code = event.target.value.trim(); }));
  find("area").addEventListener("change", (event) => change(() => { chosen().area = Math.round(Number(event.target.value) * 100) || null; }));
  draw();
  root.dataset.ready = "true";
}

document.querySelectorAll("[data-planner]").forEach(start);
