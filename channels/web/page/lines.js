// Draws one line of the chat as nodes. Text only ever enters the page as text:
// nothing here parses HTML.

const TAGS = new Set(["b", "i", "u", "s", "code", "blockquote", "a"]);
const LINKS = /^https?:/i;
const ADDRESSES = /(https?:\/\/[^\s<>"“”]*[^\s<>"“”.,;:!?)])/;

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function icon(name) {
  const node = element("span", `icon icon-${name}`);
  node.setAttribute("aria-hidden", "true");
  return node;
}

/** The server's tree (text, or [tag, link, children]) as nodes. */
function grow(tree) {
  return tree.flatMap((node) => {
    if (typeof node === "string") return node.split(ADDRESSES).map(tappable);
    const [tag, link, children] = node;
    if (!TAGS.has(tag) || (tag === "a" && !LINKS.test(link))) {
      return element("span", "", ...grow(children));
    }
    return tag === "a" ? anchor(link, ...grow(children)) : element(tag, "", ...grow(children));
  });
}

/** An address of this very site can be tapped, as in every messenger; no other ever: it may be bait. */
function tappable(words) {
  return words.startsWith(`${location.origin}/`) ? anchor(words, words) : words;
}

function anchor(link, ...children) {
  const grown = element("a", "", ...children);
  grown.href = link;
  grown.target = "_blank";
  grown.rel = "noopener noreferrer";
  return grown;
}

function unseen(words) {
  return element("span", "unseen", words);
}

const NUMBERS = ["", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười"];

/** What the line says, for reading aloud: its words, then each choice with its number. */
export function spoken(line) {
  const flat = (tree) =>
    tree.map((node) => (typeof node === "string" ? node : flat(node[2]))).join("");
  const choices = line.choices.map(({ number, label }) =>
    number ? `${NUMBERS[number] || number}: ${label}` : label,
  );
  return [line.picture || "", flat(line.text), ...choices].filter(Boolean).join("\n");
}

/** A line of the tutor. `choose(choice, node)` and `listen(line, button)` answer its buttons. */
export function tutorLine(line, { choose, listen }) {
  const node = element("div", "line tutor");
  const bubble = element("div", "bubble", unseen("Học Số: "));
  if (line.picture && line.id) bubble.append(picture(line));
  if (line.text.length) bubble.append(element("div", "words", ...grow(line.text)));
  if (line.file && line.id) bubble.append(file(line));
  bubble.append(listenButton(line, listen));
  node.append(bubble);
  if (line.choices.length) node.append(choices(line, node, choose));
  return node;
}

function picture(line) {
  const image = element("img");
  image.src = `/picture/${line.id}`;
  image.alt = line.picture;
  image.decoding = "async";
  const link = element("a", "picture", image);
  link.href = image.src;
  link.target = "_blank";
  return link;
}

function file(line) {
  const link = element("a", "file", icon("file"), `Tải về: ${line.file}`);
  link.href = `/file/${line.id}`;
  link.download = line.file;
  return link;
}

function listenButton(line, listen) {
  const button = element("button", "listen", icon("speaker"), element("span", "", "Nghe"));
  button.type = "button";
  button.addEventListener("click", () => listen(line, button));
  return button;
}

function choices(line, node, choose) {
  const list = element("ul", "choices");
  // Safari drops a list's role when its bullets are styled away.
  list.setAttribute("role", "list");
  line.choices.forEach((choice) => {
    const button = element(
      "button",
      "choice",
      choice.number ? element("span", "number", String(choice.number)) : "",
      element("span", "label", choice.label),
      icon("tick"),
    );
    button.type = "button";
    button.addEventListener("click", () => choose(choice, node, button));
    list.append(element("li", "", button));
  });
  return list;
}

/** A line of the learner; `words` is what to show for it. */
export function learnerLine(words) {
  return element(
    "div",
    "line learner",
    element("div", "bubble", unseen("Đã gửi: "), element("div", "words", words)),
  );
}

const NOTES = { sending: "đang gửi…", waiting: "Chờ có mạng sẽ tự gửi" };

/** Under a line: nothing, where its sending stands, or a button that sends again. */
export function showSending(node, state, retry) {
  const old = node.querySelector(".sending");
  if (old && old.dataset.state === state) return; // said once is enough
  if (old) old.remove();
  if (NOTES[state]) {
    const note = element("p", "sending", NOTES[state]);
    note.dataset.state = state;
    note.setAttribute("role", "status");
    node.append(note);
  } else if (state === "failed") {
    const button = element("button", "sending failed", "Chưa gửi được, chạm để gửi lại");
    button.type = "button";
    button.dataset.state = state;
    button.addEventListener("click", retry);
    node.append(button);
  }
}
