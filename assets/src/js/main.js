import "./htmx.js";
import "./globals.js"; // before Alpine
import Alpine from "@alpinejs/csp";
import { choices } from "./choices.js";
import { confirmations } from "./confirm.js";
import { help } from "./help.js";
import { keyboard } from "./keyboard.js";
import { listings } from "./listings.js";
import { live } from "./live.js";
import { menus } from "./menus.js";
import { palette } from "./palette.js";
import { selecting } from "./selecting.js";
import { clipboard } from "./clipboard.js";
import { printing } from "./printing.js";
import { toasts } from "./toasts.js";

for (const start of [
  menus, keyboard, palette, help, toasts, confirmations, listings, selecting, clipboard, printing, live,
  choices,
]) start();

window.Alpine = Alpine;
Alpine.start();
document.documentElement.dataset.ready = "true";
