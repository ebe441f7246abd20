// The page: opens the chat, keeps its lines in order, and ties the parts together.

import { learnerLine, showSending, spoken, tutorLine } from "./lines.js";
import { fillMenu, shown } from "./menu.js";
import { atEnd, follow, hasAnswer, setAnchor, settle } from "./scrolling.js";
import { Sending, newId, post } from "./sending.js";
import { hush, readAloud, watchVoices } from "./speech.js";

const MOST_CHARACTERS = 1000;
const $ = (id) => document.getElementById(id);
const [log, empty, banner, typed] = ["log", "empty", "banner", "typed"].map($);

const lines = new Map(); // id → { line, node }, as the server has them
const unsent = new Map(); // the page's own id → node, until the server's line comes
let last = 0; // the newest line's id
let stream = null;
let opened = false;

/* ---- opening ---------------------------------------------------------------- */

/** What the link carried, kept with the page's history so that a reload can still deliver it. */
function visit() {
  const path = location.pathname.match(/^\/s\/([^/]+)$/);
  const start = path ? path[1] : new URLSearchParams(location.search).get("start") || "";
  if (path || location.search) history.replaceState({ start, id: newId() }, "", "/");
  else if (!history.state || !history.state.id) history.replaceState({ start: "", id: newId() }, "");
  return history.state;
}

async function open() {
  const { start, id } = visit();
  const answer = await post("/open", { start, id });
  if (answer.status !== 200) return answer;
  history.replaceState({ start: "", id: newId() }, "");
  fillMenu(answer.body.commands, sendText);
  repaint(answer.body.lines);
  listenForLines();
  return answer;
}

async function keepOpening() {
  for (let tries = 0; !opened; tries += 1) {
    const answer = await open();
    opened = answer.status === 200;
    if (opened) break;
    say($("empty-words"), answer.body.error || "Chưa vào được lớp học. Máy có đang nối mạng không?");
    $("empty-retry").hidden = false;
    await pause(Math.max(answer.wait, Math.min(2 ** tries, 20)));
    $("empty-retry").hidden = true;
    say($("empty-words"), "Đang mở lớp học, chờ một chút nha…");
  }
  $("composer").hidden = false;
  if (!lines.size) answering(true);
}

/** Until so many seconds are over, or the learner asks to try again, or the network is back. */
function pause(seconds) {
  return new Promise((done) => {
    setTimeout(done, seconds * 1000);
    $("empty-retry").onclick = done;
    window.addEventListener("online", done, { once: true });
  });
}

function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

/* ---- lines ------------------------------------------------------------------ */

function repaint(all) {
  log.setAttribute("aria-live", "off");
  clear();
  last = 0;
  follow();
  all.forEach(place);
  tidy();
  settle();
  // Only what comes from now on is spoken, not the whole past.
  setTimeout(() => log.setAttribute("aria-live", "polite"), all.length ? 500 : 0);
}

function clear() {
  log.querySelectorAll("[data-line]").forEach((node) => node.remove());
  lines.clear();
}

function draw(line) {
  if (line.side === "tutor") return tutorLine(line, { choose, listen });
  return learnerLine(shown(line.text[0]));
}

const listen = (line, button) => readAloud(spoken(line), button);

/** Put a new line in its place; `true` when it is new. */
function place(line) {
  if (lines.has(line.id)) return false;
  const node = draw(line);
  const mine = line.said && unsent.get(line.said);
  if (mine && mine.isConnected) {
    const state = mine.querySelector(".sending");
    if (state) node.append(state);
    mine.replaceWith(node);
    unsent.set(line.said, node);
  } else {
    const firstUnsent = [...unsent.values()].find((each) => each.isConnected && !each.dataset.line);
    log.insertBefore(node, firstUnsent || null);
  }
  node.dataset.line = String(line.id);
  lines.set(line.id, { line, node });
  last = Math.max(last, line.id);
  return true;
}

function received(line) {
  const wasAtEnd = atEnd();
  if (!place(line)) return;
  if (line.side === "tutor") {
    hush();
    answering(false);
    if (!hasAnswer()) setAnchor(lines.get(line.id).node);
  }
  tidy();
  if (wasAtEnd) settle();
}

function redrawn(line) {
  const known = lines.get(line.id);
  if (!known || known.line.version >= line.version) return;
  hush();
  const node = draw(line);
  node.dataset.line = String(line.id);
  const focused = known.node.contains(document.activeElement);
  known.node.replaceWith(node);
  lines.set(line.id, { line, node });
  answering(false);
  setAnchor(node);
  tidy();
  settle();
  if (focused) {
    const bubble = node.querySelector(".bubble");
    bubble.tabIndex = -1;
    bubble.focus({ preventScroll: true });
  }
}

/** The last words after everything was erased: shown, and kept nowhere. */
function passing(line) {
  hush();
  answering(false);
  const node = draw(line);
  log.append(node);
  setAnchor(node);
  tidy();
  settle();
}

/** Days between lines, the newest choices, and whether anything is there at all. */
function tidy() {
  empty.hidden = opened || log.children.length > 0;
  let day = "";
  [...lines.values()].forEach(({ line, node }) => {
    const here = dayOf(line.at);
    if (here === day) delete node.dataset.day;
    else node.dataset.day = here;
    day = here;
  });
  const offers = [...log.querySelectorAll(".tutor")].filter((node) => node.querySelector(".choices"));
  offers.forEach((node, at) => node.classList.toggle("newest", at === offers.length - 1));
}

function dayOf(at) {
  const day = new Date(at).toDateString();
  const now = new Date();
  if (day === now.toDateString()) return "Hôm nay";
  now.setDate(now.getDate() - 1);
  if (day === now.toDateString()) return "Hôm qua";
  return new Date(at).toLocaleDateString("vi-VN", { day: "numeric", month: "long", year: "numeric" });
}

/* ---- the stream of new lines ------------------------------------------------ */

const NO_NETWORK = "Đang mất mạng. Cứ gõ tiếp, có mạng lại máy sẽ tự gửi.";
const NOT_REACHED = "Chưa nối được với lớp học. Cứ gõ tiếp, chỗ này đang tự thử lại.";
let lostTimer = 0;

function connected(isConnected) {
  clearTimeout(lostTimer);
  if (isConnected) say(banner, "");
  else {
    lostTimer = setTimeout(() => {
      say(banner, navigator.onLine ? NOT_REACHED : NO_NETWORK);
    }, navigator.onLine ? 4000 : 0);
  }
}

function listenForLines() {
  if (stream) stream.close();
  if (document.hidden) return;
  stream = new EventSource(`/events?after=${last}`);
  const on = (name, take) => stream.addEventListener(name, (event) => take(JSON.parse(event.data)));
  on("hello", () => connected(true));
  on("line", received);
  on("redraw", redrawn);
  on("cleared", () => {
    clear();
    last = 0;
  });
  on("passing", passing);
  const mine = stream;
  stream.onerror = () => {
    if (mine !== stream) return;
    connected(false);
    // The browser tries again by itself, unless it was refused: then the cookie is made anew.
    if (mine.readyState === EventSource.CLOSED) setTimeout(reopen, 3000);
  };
}

let reopening = null;

function reopen() {
  reopening = reopening || open().then((answer) => {
    reopening = null;
    if (answer.status !== 200) setTimeout(reopen, Math.max(3, answer.wait) * 1000);
    return answer.status === 200;
  });
  return reopening;
}

document.addEventListener("visibilitychange", () => {
  if (!opened) return;
  if (document.hidden) {
    hush();
    if (stream) stream.close();
  } else listenForLines();
});
window.addEventListener("offline", () => connected(false));
window.addEventListener("online", () => opened && listenForLines());

/* ---- what the learner does -------------------------------------------------- */

const sending = new Sending(reopen);
let answeringTimer = 0;

function answering(isAnswering) {
  clearTimeout(answeringTimer);
  $("answering").hidden = !isAnswering;
  if (isAnswering) answeringTimer = setTimeout(() => answering(false), 10000);
}

function acted() {
  hush();
  note("");
  follow();
}

/**
 * Words typed before the learner agreed to be remembered: the server keeps no line of them,
 * so they stand here, before whatever came since they went out, until the page is opened anew.
 */
function passed(node, before) {
  if (node.dataset.line) return;
  node.dataset.line = "0";
  const answers = [...lines.values()].filter(({ line }) => line.id > before);
  if (answers.length) log.insertBefore(node, answers[0].node);
}

function sendText(text) {
  acted();
  const node = learnerLine(shown(text));
  let before = last;
  log.append(node);
  tidy();
  const thing = {
    body: { text },
    show: (state, answer) => {
      if (state === "sending") before = last;
      showSending(here(), state, () => sending.now());
      if (state === "sent" && !answer.kept) passed(here(), before);
      if (state === "sent") answering(!hasAnswer());
      if (atEnd()) settle();
    },
    refused: (sentence) => {
      here().remove();
      unsent.delete(thing.body.id);
      if (!typed.value) typed.value = text;
      grow();
      note(sentence);
    },
  };
  const here = () => unsent.get(thing.body.id) || node;
  sending.add(thing);
  unsent.set(thing.body.id, node);
  settle();
}

function choose(choice, node, button) {
  if (node.classList.contains("busy")) return;
  acted();
  node.classList.add("busy");
  node.querySelectorAll(".choice").forEach((each) => each.setAttribute("aria-disabled", "true"));
  button.classList.add("chosen");
  const free = () => {
    node.classList.remove("busy");
    node.querySelectorAll(".choice").forEach((each) => each.removeAttribute("aria-disabled"));
  };
  sending.add({
    body: { action: choice.action, source: node.dataset.line || "" },
    show: (state) => {
      showSending(node, state, () => sending.now());
      if (state !== "sent") return;
      free();
      answering(!hasAnswer());
      if (!hasAnswer()) settle();
    },
    refused: (sentence) => {
      showSending(node, "sent");
      button.classList.remove("chosen");
      free();
      note(sentence);
    },
  });
}

/* ---- typing ----------------------------------------------------------------- */

function note(words) {
  say($("composer-note"), words);
}

function grow() {
  typed.style.height = "auto";
  typed.style.height = `${typed.scrollHeight + 4}px`;
}

function submit() {
  const text = typed.value.trim();
  if (!text) {
    typed.focus();
    return;
  }
  if (text.length > MOST_CHARACTERS) {
    note(`Tin dài ${text.length} chữ cái, mỗi tin tối đa ${MOST_CHARACTERS}. Mình bớt lại hoặc chia ra nha.`);
    return;
  }
  typed.value = "";
  grow();
  typed.focus({ preventScroll: true });
  sendText(text);
}

let shift = false;
typed.addEventListener("keydown", (event) => (shift = event.shiftKey));
typed.addEventListener("beforeinput", (event) => {
  // Enter sends; Shift+Enter begins a new line. Never in the middle of an input method's word.
  if (event.inputType === "insertLineBreak" && !shift && !event.isComposing) {
    event.preventDefault();
    submit();
  }
});
typed.addEventListener("input", () => {
  note("");
  grow();
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

watchVoices();
keepOpening();
