// The menu of commands, and the size of the letters.

import { element } from "./lines.js";
import { nearEnd, settle } from "./scrolling.js";

const menu = document.getElementById("menu");
const summaries = new Map(); // "/hoc" → what the menu says of it

/** What to show for typed words: of a command, what it does. */
export const shown = (words) => summaries.get(words) || words;

export function fillMenu(commands, run) {
  summaries.clear();
  commands.forEach(([name, summary]) => summaries.set(`/${name}`, summary));
  const items = commands.map(([name, summary]) => {
    const button = element("button", "choice", summary);
    button.type = "button";
    button.addEventListener("click", () => {
      menu.close();
      run(`/${name}`);
    });
    return element("li", "", button);
  });
  const list = document.getElementById("menu-list");
  list.textContent = "";
  list.append(...items);
  document.getElementById("menu-open").hidden = !items.length;
}

document.getElementById("menu-open").addEventListener("click", () => menu.showModal());
document.getElementById("menu-close").addEventListener("click", () => menu.close());
menu.addEventListener("click", (event) => {
  if (event.target === menu) menu.close(); // a tap beside the menu
});

const SIZE = "chu-to";
const toggle = document.getElementById("larger");

function setLarger(isLarger) {
  const near = nearEnd();
  document.documentElement.classList.toggle("larger", isLarger);
  toggle.setAttribute("aria-pressed", String(isLarger));
  if (near) settle();
}

// A browser may forbid storage; the button still works for this visit.
function remember(isLarger) {
  try {
    localStorage.setItem(SIZE, isLarger ? "1" : "0");
  } catch {
    return;
  }
}

function remembered() {
  try {
    return localStorage.getItem(SIZE) === "1";
  } catch {
    return false;
  }
}

setLarger(remembered());
toggle.addEventListener("click", () => {
  const isLarger = !document.documentElement.classList.contains("larger");
  setLarger(isLarger);
  remember(isLarger);
});
