// Where the eye should be: at the end, or at the beginning of an answer taller than the screen.

const scroll = document.getElementById("scroll");
const log = document.getElementById("log");
const more = document.getElementById("more");

let following = true; // until the learner scrolls
let anchor = null; // the first line that came after the learner last did something
let height = scroll.clientHeight; // of what is seen of the lines
let length = log.offsetHeight; // of all the lines

const end = () => scroll.scrollHeight - scroll.clientHeight;
export const nearEnd = () => end() - scroll.scrollTop < 120;
export const atEnd = () => following || nearEnd();
export const hasAnswer = () => Boolean(anchor);

export function setAnchor(node) {
  anchor = node;
}

/** The learner just did something: go where the answer will be. */
export function follow() {
  anchor = null;
  following = true;
}

export function settle() {
  following = true;
  scroll.scrollTop = anchor && anchor.isConnected ? Math.min(end(), anchor.offsetTop - 12) : end();
  showMore();
}

// What is left to read is counted as if the bar were away: its own height never decides
// whether it is there.
function showMore() {
  const isHidden = end() - scroll.scrollTop - more.offsetHeight < 40;
  if (isHidden === more.hidden) return;
  const before = scroll.clientHeight;
  more.hidden = isHidden;
  height += scroll.clientHeight - before; // only the end gives way: what is read stays put
}

// One screen further, so that nothing is skipped.
more.addEventListener("click", () => {
  following = false;
  scroll.scrollTop = Math.min(end(), scroll.scrollTop + scroll.clientHeight * 0.8);
  showMore();
});
scroll.addEventListener("scroll", showMore, { passive: true });
for (const gesture of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  scroll.addEventListener(gesture, () => (following = false), { passive: true });
}

// Pictures load, letters grow and keyboards open after the lines were drawn.
const watcher = new ResizeObserver(() => {
  const lost = height - scroll.clientHeight;
  if (!lost && length === log.offsetHeight) return; // only the bar came or went
  height = scroll.clientHeight;
  length = log.offsetHeight;
  if (following) settle();
  else if (lost > 0) scroll.scrollTop += lost;
  showMore();
});
watcher.observe(scroll);
watcher.observe(log);

// iOS draws its keyboard over the page instead of making it smaller.
if (window.visualViewport) {
  window.visualViewport.addEventListener("resize", () => {
    const { height: seen, scale } = window.visualViewport;
    document.body.style.height = Math.abs(scale - 1) < 0.01 ? `${seen}px` : "";
  });
}
