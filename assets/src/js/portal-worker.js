// The service worker of the member page. Of what is personal it keeps one page: the card.
// Everything is asked of the network first; what is kept answers only when that does not.
import { forgetPhone } from "./portal-phone.js";

const KEPT = "mallard-member"; // the card; gone with the sign-out
const SHELL = "mallard-shell-2"; // what is the same for everybody
const CARD = "/m/card";
const OFFLINE = "/m/offline";
const HOME = "/m/";
const DOOR = "/m/sign-in";
const PARTS = ["portal.css", "portal.js", "portal-card.js", "icons.svg", "img/mallard.svg"].map((name) => `/static/mallard/${name}`);

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((shell) => shell.addAll([OFFLINE, ...PARTS]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(start());
});

async function start() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("mallard-") && ![KEPT, SHELL].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
  await keepCard();
}

// Whoever is signed in has the card on the phone without having opened it.
async function keepCard() {
  try {
    await keep(await fetch(CARD, { credentials: "same-origin" }));
  } catch {
    // No connection just now: the next page that is opened tries again.
  }
}

async function keep(answer) {
  if (answer.redirected || !answer.ok) return forget();
  const cache = await caches.open(KEPT);
  await cache.put(CARD, answer);
}

const forget = () => Promise.all([caches.delete(KEPT), forgetPhone()]);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (PARTS.includes(url.pathname)) event.respondWith(part(request));
  else if (request.mode === "navigate" && url.pathname.startsWith("/m/")) event.respondWith(page(event, url.pathname));
});

async function part(request) {
  const shell = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await shell.put(new URL(request.url).pathname, answer.clone());
    return answer;
  } catch {
    return (await shell.match(new URL(request.url).pathname)) ?? Response.error();
  }
}

async function page(event, path) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(follow(answer.clone(), path));
    return answer;
  } catch {
    const card = await (await caches.open(KEPT)).match(CARD);
    return card ? asKept(card) : ((await caches.match(OFFLINE)) ?? Response.error());
  }
}

// The page says itself that the phone kept it: a phone may take itself for connected where nothing
// answers, in a lift or behind a sign-in for guests.
async function asKept(answer) {
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  headers.delete("Content-Length");
  return new Response(text.replace("data-offline-note hidden", 'data-offline-note="kept"'), { headers });
}

// A navigation that was led to the door: nobody is signed in, so nobody's card stays. Redirects are
// followed by the browser, not here, so the door itself is what says so.
async function follow(answer, path) {
  if (path === DOOR) return forget();
  if (path === CARD && answer.type === "basic") return keep(answer);
  if (path.startsWith("/m/open/")) return undefined;
  const cache = await caches.open(KEPT);
  // Home renews it, so that it reads in the language and theme that were chosen since.
  if (answer.ok && (path === HOME || !(await cache.match(CARD)))) return keepCard();
  return undefined;
}
