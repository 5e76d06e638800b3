import "./htmx.js";
import "./globals.js"; // before Alpine
import Alpine from "@alpinejs/csp";
import { confirmations } from "./confirm.js";
import { keyboard } from "./keyboard.js";
import { listings } from "./listings.js";
import { live } from "./live.js";
import { menus } from "./menus.js";
import { clipboard } from "./clipboard.js";
import { printing } from "./printing.js";
import { toasts } from "./toasts.js";

for (const start of [menus, keyboard, toasts, confirmations, listings, clipboard, printing, live]) start();

window.Alpine = Alpine;
Alpine.start();
document.documentElement.dataset.ready = "true";
