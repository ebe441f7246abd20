// A class on a projector, or a fair on its big screen: what everybody looks at, where the host is.
//
// Everything is put in as text, never as markup. A presenter's clicker sends the keys of a page.

const base = location.pathname.replace(/\/+$/, "");
const byId = (id) => document.getElementById(id);
const stage = byId("stage");

let about = null;
let slides = [];
let lesson = "";
let now = null; // where the room is, as the server told it last
let own = null; // the slide looked at on one's own, or null while following the host
let busy = false;

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const answer = await fetch(base + path, options);
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.error), { status: answer.status });
  return told;
}

function say(text) { byId("note").textContent = text; }

const place = () => (own !== null ? own : now ? now.place : 0);
const isLive = () => now !== null && place() === now.place;

// --- What is drawn ---

function sized(name, text, long, longer) {
  const size = text.length > longer ? " longer" : text.length > long ? " long" : "";
  return element("p", name + size, text);
}

function drawCrowd(parent) {
  if (!now || !now.crowd) return;
  const crowd = element("div", "crowd");
  const { people, lessons } = now.crowd;
  for (const [count, label] of [[people, "người đã tới"], [lessons, "bài học xong"]]) {
    const cell = element("div");
    cell.append(element("b", people ? "" : "none", people ? String(count) : "chưa có"), document.createTextNode(label));
    crowd.append(cell);
  }
  parent.append(crowd);
}

function drawJoin() {
  const box = element("div", about.qr ? "join" : "join bare");
  if (about.qr) {
    const code = element("img");
    code.src = `${base}/qr.svg`;
    code.alt = "Mã QR để vào học";
    box.append(code);
  }
  const words = element("div");
  words.append(element("h2", "", about.title));
  if (about.where) words.append(element("p", "small", about.where));
  if (about.over) {
    words.append(element("p", "", "Buổi này đã xong. Cảm ơn bà con!"));
  } else if (about.qr) {
    words.append(element("p", "", "Mở máy ảnh hoặc Zalo, chĩa vô ô vuông để cùng học. Hoặc mở Học Số, gõ mã:"));
  } else {
    words.append(element("p", "", "Mở Học Số trên điện thoại, gõ mã:"));
  }
  if (!about.over) words.append(element("p", "big-code", about.code));
  drawCrowd(words);
  if (!about.open && !about.over) {
    const how = about.kind === "lop" ? "lớp chưa mở màn hình. Vào khung chat, gõ /lop" : "ngày hội chưa mở màn hình. Vào khung chat, gõ /ngayhoi";
    words.append(element("p", "small", `Người phụ trách ${how}.`));
  } else if (!about.over) {
    words.append(element("p", "small", "Miễn phí. Không hỏi số căn cước, mã OTP, mật khẩu."));
  }
  box.append(words);
  return box;
}

function drawQuestion(slide) {
  const box = element("div", "question");
  box.append(element("p", "label", `Câu ${slide.at}/${slide.of}`));
  box.append(element("p", slide.ask.length > 150 ? "ask long" : "ask", slide.ask));
  const live = isLive() ? now.question : null;
  const bars = live && live.bars;
  const most = bars ? Math.max(1, live.answers) : 1;
  slide.choices.forEach((label, at) => {
    const choice = element("div", "choice");
    const number = element("span", "number");
    number.append(element("span", "", String(at + 1)));
    choice.append(number, element("span", "", label), element("span", "people", bars ? String(bars[at]) : ""));
    const track = element("span", "track");
    const fill = element("span", "fill");
    if (bars) fill.style.width = `${(100 * bars[at]) / most}%`;
    track.append(fill);
    if (live) choice.append(track);
    if (live && live.right === at) choice.classList.add("right");
    box.append(choice);
  });
  if (live && live.is === "shown") {
    box.append(element("p", "why", live.why));
    box.append(element("p", "state", live.answers ? `${live.answers} người đã trả lời` : "Chưa ai trả lời câu này"));
  } else if (live) {
    const few = live.answers && !bars ? ". Thêm vài người nữa thì hiện cột" : "";
    box.append(element("p", "state", live.answers ? `${live.answers}/${Math.max(now.seats, live.answers)} người đã trả lời${few}` : "Bà con chọn trên điện thoại của mình"));
  } else if (about.host && isLive()) {
    box.append(element("p", "state", "Bấm “Hỏi cả lớp” để câu này hiện trên điện thoại của bà con"));
  }
  return box;
}

function drawSlide(slide) {
  const box = element("div");
  switch (slide.kind) {
    case "card":
      box.append(element("p", "label", `${slide.title} · ${slide.at}/${slide.of}`), sized("text", slide.text, 110, 190));
      return box;
    case "takeaway": {
      box.append(element("p", "label", `${slide.title} · Ba dòng cần nhớ`));
      const lines = element("ol", "lines");
      slide.lines.forEach((line) => lines.append(element("li", "", line)));
      box.append(lines);
      return box;
    }
    case "practice":
      box.append(element("p", "label", `${slide.title} · Mình làm thử`), sized("text", slide.text, 110, 190));
      return box;
    case "question":
      return drawQuestion(slide);
    case "end": {
      const end = element("div", "join bare");
      const words = element("div");
      words.append(element("h2", "", "Hết bài rồi, cảm ơn bà con!"));
      words.append(element("p", "", "Về nhà, bà con mở Học Số gõ “học tiếp” là học được nữa."));
      drawCrowd(words);
      end.append(words);
      return end;
    }
    default:
      return drawJoin();
  }
}

// The far row sees no scroll bar: a slide that is too long gets smaller letters.
function fit() {
  for (let size = 100; size >= 60; size -= 4) {
    stage.style.setProperty("--fit", String(size / 100));
    if (stage.scrollHeight <= stage.clientHeight) return;
  }
}

let drawn = "";
function draw() {
  if (!about) return;
  const at = Math.min(place(), Math.max(0, slides.length - 1));
  const slide = slides[at] || { kind: "join" };
  const made = drawSlide(slide);
  // A bar that only grows is moved, so that the eye can follow it.
  const key = `${lesson}/${at}/${about.host}`;
  const before = [...stage.querySelectorAll(".fill")].map((fill) => fill.style.width);
  const after = [...made.querySelectorAll(".fill")];
  const widths = after.map((fill) => fill.style.width);
  const moves = drawn === key && before.length === after.length;
  if (moves) after.forEach((fill, number) => { fill.style.width = before[number]; });
  stage.replaceChildren(made);
  fit();
  if (drawn !== key) stage.scrollTop = 0;
  drawn = key;
  if (moves) {
    made.getBoundingClientRect();
    after.forEach((fill, number) => { fill.style.width = widths[number]; });
  }
  const last = slides.length - 1;
  const live = isLive() && slide.kind === "question" ? now.question : undefined;
  byId("place").textContent = slides.length ? `${at + 1}/${slides.length}` : "";
  byId("people").textContent = now && now.seats ? `${now.seats} người đang cùng học` : "";
  byId("back").disabled = at <= 0;
  byId("next").disabled = at >= last && !(about.host && live !== undefined);
  byId("next").textContent = !about.host || live === undefined ? "Tới ›"
    : live === null ? "Hỏi cả lớp" : live.is === "open" ? "Hiện đáp án" : "Tới ›";
  byId("follow").hidden = own === null || about.host;
  byId("choose").hidden = !about.host;
  byId("lead").hidden = about.host || !about.open || about.over;
}

// --- What is done ---

async function take(told) {
  if (told.gone) { location.reload(); return; }
  // A slow answer must not undo a newer one.
  if (now && told.version < now.version) return;
  if (told.lesson !== lesson) {
    const got = await ask(`/slides?lesson=${encodeURIComponent(told.lesson)}`);
    slides = got.slides;
    lesson = got.lesson;
    own = null;
  }
  now = told;
  draw();
}

async function press(body) {
  if (busy || !now) return;
  busy = true;
  try {
    const answer = await ask("/press", { version: now.version, ...body });
    say(answer.done ? "" : "Người dẫn kia vừa bấm rồi.");
    await take(answer.now);
  } catch (error) {
    say(error.message || "Mạng chưa tới, thử lại nha.");
    if (error.status === 403) { about.host = false; draw(); }
  } finally {
    busy = false;
  }
}

function forward() {
  if (about && about.host) press({});
  else if (slides.length) { own = Math.min(place() + 1, slides.length - 1); draw(); }
}

function backward() {
  if (about && about.host) { if (now && now.place > 0) press({ go: now.place - 1 }); }
  else if (slides.length) { own = Math.max(place() - 1, 0); draw(); }
}

async function becomeHost(key) {
  await ask("/host", { key });
  about = await ask("/about");
  own = null;
  fillLessons();
  draw();
}

function fillLessons() {
  const list = byId("lesson-list");
  list.replaceChildren();
  for (const course of about.courses) {
    list.append(element("h3", "", course.course));
    for (const one of course.lessons) {
      const choice = element("button", "", one.title);
      choice.type = "button";
      choice.addEventListener("click", () => { byId("lessons").close(); press({ lesson: one.slug }); });
      list.append(choice);
    }
  }
}

byId("next").addEventListener("click", forward);
byId("back").addEventListener("click", backward);
byId("follow").addEventListener("click", () => { own = null; draw(); });
byId("lead").addEventListener("click", () => byId("key").showModal());
byId("key-close").addEventListener("click", () => byId("key").close());
byId("choose").addEventListener("click", () => byId("lessons").showModal());
byId("lessons-close").addEventListener("click", () => byId("lessons").close());
byId("key-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await becomeHost(byId("key-typed").value);
    byId("key").close();
  } catch (error) {
    byId("key-note").textContent = error.message || "Mạng chưa tới, thử lại nha.";
  }
  byId("key-typed").value = "";
});
document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.altKey || event.metaKey) return;
  // Space and Enter on a button are that button's own.
  const onButton = event.target instanceof HTMLButtonElement;
  if (["ArrowRight", "ArrowDown", "PageDown"].includes(event.key) || (!onButton && [" ", "Enter"].includes(event.key))) {
    event.preventDefault();
    if (!event.repeat) forward();
  } else if (["ArrowLeft", "ArrowUp", "PageUp", "Backspace"].includes(event.key)) {
    event.preventDefault();
    if (!event.repeat) backward();
  }
});

addEventListener("resize", () => draw());

function listen() {
  const stream = new EventSource(`${base}/live`);
  stream.addEventListener("hello", () => say(""));
  stream.addEventListener("now", (event) => {
    take(JSON.parse(event.data)).catch(() => say("Mạng chưa tới, đang thử lại…"));
  });
  stream.addEventListener("error", () => {
    say("Mất mạng, đang nối lại…");
    // The browser comes again by itself, but not after a refusal.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

async function open() {
  const key = new URLSearchParams(location.hash.slice(1)).get("ma");
  // Out of the address before anybody in the hall can read it.
  if (location.hash) history.replaceState(null, "", base);
  about = await ask("/about");
  document.title = `${about.title} – Học Số`;
  byId("title").textContent = about.title;
  byId("code").textContent = about.code;
  if (key && !about.host) await becomeHost(key).catch((error) => say(error.message));
  if (!about.open) { draw(); setTimeout(() => location.reload(), 30000); return; }
  fillLessons();
  listen();
  draw();
}

open().catch((error) => { byId("waiting").textContent = error.message || "Chưa mở được, mời tải lại trang nha."; });
