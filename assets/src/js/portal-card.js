// The code that changes on the card page. The phone makes it by itself: the private key and the
// secret are kept by the browser where no script can read them, and work without a connection.
import { correction, generate, mode } from "lean-qr";
import { forgetPhone, readPhone, writePhone } from "./portal-phone.js";

const PREFIX = "77";
const MAC_DIGITS = 8;
const CODE = new TextEncoder().encode("mallard card code 1\0");
const SLACK = 15_000; // a clock that is less off than this is right enough
const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;
const BAR_QUIET = 10;
const BAR_HEIGHT = 40;

const place = document.querySelector("[data-code]");
let phone = null;
let drawn = null;

const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const textOf = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const timeHere = () => Date.now() + (phone?.skew ?? 0);

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function bigEndian(number, size) {
  const bytes = new Uint8Array(size);
  for (let at = size - 1, rest = number; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

// RFC 6238 with SHA-256: eight digits of the step.
async function macOf(step) {
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", phone.hmac, bigEndian(step, 8)));
  const offset = digest[digest.length - 1] & 15;
  const number = new DataView(digest.buffer).getUint32(offset) & 0x7fffffff;
  return String(number % 10 ** MAC_DIGITS).padStart(MAC_DIGITS, "0");
}

async function signedBy(step) {
  const body = joined(phone.certificate, bigEndian(step, 4));
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(algorithm, phone.keys.privateKey, joined(CODE, body));
  return joined(body, new Uint8Array(signature));
}

const decimal = (bytes) => BigInt(`0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`).toString();

// --- drawing

function svg(name, width, height, path) {
  const drawing = document.createElementNS(SVG, "svg");
  const set = (element, values) => Object.entries(values).forEach(([key, value]) => element.setAttribute(key, value));
  set(drawing, { class: name, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", focusable: "false" });
  if (name === "bars") drawing.setAttribute("preserveAspectRatio", "none");
  const white = drawing.appendChild(document.createElementNS(SVG, "rect"));
  set(white, { width, height, fill: "#fff" });
  const dark = drawing.appendChild(document.createElementNS(SVG, "path"));
  set(dark, { d: path, fill: "#000" });
  return drawing;
}

function qr(text) {
  const code = generate(mode.numeric(text), { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.M });
  let path = "";
  for (let y = 0; y < code.size; y += 1)
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  return svg("qr", code.size + 2 * QUIET, code.size + 2 * QUIET, path);
}

// Code 128, set C: two digits a symbol, a check symbol, the stop. The symbols come with the page.
function bars(digits) {
  const symbols = place.dataset.patterns.split(" ");
  const values = [105, ...digits.match(/../g).map(Number)];
  const check = values.reduce((sum, value, at) => sum + value * Math.max(1, at), 0) % 103;
  const modules = [...values, check].map((value) => symbols[value]).join("") + symbols[symbols.length - 1];
  let path = "";
  for (const run of modules.matchAll(/1+/g))
    path += `M${run.index + BAR_QUIET} 0h${run[0].length}v${BAR_HEIGHT}h-${run[0].length}z`;
  return svg("bars", modules.length + 2 * BAR_QUIET, BAR_HEIGHT, path);
}

async function draw(step) {
  drawn = step;
  const digits = PREFIX + phone.number + (await macOf(step));
  const text = digits + decimal(await signedBy(step));
  if (drawn !== step) return;
  place.querySelector("[data-code-qr]").replaceChildren(qr(text));
  place.querySelector("[data-code-bars]").replaceChildren(bars(digits));
  place.querySelector("[data-code-digits]").textContent = digits.match(/.{1,4}/g).join(" ");
  place.dataset.code = digits;
  place.dataset.text = text;
  if (place.hidden) {
    place.hidden = false;
    document.querySelector("[data-card-number]").open = false;
  }
}

function tick() {
  if (!phone) return;
  const at = timeHere() / 1000;
  const step = Math.floor(at / phone.seconds);
  place.querySelector("progress").value = phone.seconds - (at % phone.seconds);
  if (step !== drawn) draw(step).catch(giveUp);
}

function tellClock() {
  const note = place.querySelector("[data-code-clock]");
  note.hidden = Math.abs(phone.skew) < SLACK;
  const words = (moment) => new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" }).format(moment);
  note.querySelector("[data-there]").textContent = words(Date.now() + phone.skew);
  note.querySelector("[data-here]").textContent = words(Date.now());
}

// Whatever goes wrong, the card's number is there.
function giveUp() {
  phone = null;
  place.hidden = true;
  document.querySelector("[data-card-number]").open = true;
}

// --- keys

async function newKeys() {
  return crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
}

async function ask(keys) {
  const key = textOf(await crypto.subtle.exportKey("raw", keys.publicKey));
  const before = Date.now();
  const answer = await fetch(place.dataset.phone, {
    method: "POST",
    credentials: "same-origin",
    redirect: "error",
    headers: { "X-CSRFToken": place.dataset.csrf },
    body: new URLSearchParams({ key }),
  });
  const after = Date.now();
  if (!answer.ok) throw new Error(`phone: ${answer.status}`);
  const told = await answer.json();
  return { told, skew: Math.round(told.now - (before + after) / 2) };
}

async function renew(known) {
  const keys = known?.keys ?? (await newKeys());
  const { told, skew } = await ask(keys);
  const secret = told.secret
    ? await crypto.subtle.importKey("raw", bytesOf(told.secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
    : known?.hmac;
  if (!secret || (known && !told.secret && known.number !== told.number)) {
    await forgetPhone();
    return renew(null);
  }
  const made = {
    keys, hmac: secret, number: told.number, certificate: bytesOf(told.certificate), seconds: told.step_seconds, skew,
  };
  await writePhone(made);
  return made;
}

async function start() {
  const known = await readPhone();
  if (known) {
    phone = known;
    tellClock();
    tick();
  }
  setInterval(tick, 500);
  document.addEventListener("visibilitychange", tick);
  await refresh(known);
  addEventListener("online", () => refresh(phone));
}

// Without a connection the phone goes on with what it has.
async function refresh(known) {
  if (!navigator.onLine) return;
  try {
    const made = await renew(known);
    if (made.number !== phone?.number || made.skew !== phone?.skew) drawn = null;
    phone = made;
    tellClock();
    tick();
  } catch {
    if (!phone) giveUp();
  }
}

if (place && globalThis.crypto?.subtle && globalThis.indexedDB) start().catch(giveUp);
