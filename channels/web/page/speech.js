// Reads a line aloud with the browser's own Vietnamese voice, where there is one.

const synthesis = window.speechSynthesis;
let voice = null;
let reading = null; // the button that reads now

function findVoice() {
  const voices = synthesis.getVoices().filter((each) => /^vi\b/i.test(each.lang.replace("_", "-")));
  voice = voices.find((each) => each.localService) || voices[0] || null;
  document.body.classList.toggle("has-voice", Boolean(voice));
}

export function watchVoices() {
  if (!synthesis) return;
  findVoice();
  // Voices load late in most browsers.
  synthesis.onvoiceschanged = findVoice;
}

function show(button, name, isOn) {
  button.classList.toggle("reading", isOn);
  button.lastElementChild.textContent = name;
}

export function hush() {
  if (reading) show(reading, "Nghe", false);
  reading = null;
  if (synthesis) synthesis.cancel();
}

export function readAloud(words, button) {
  const again = reading === button;
  hush();
  if (again || !voice) return;
  reading = button;
  show(button, "Dừng", true);
  // Sentence by sentence: some voices stop in the middle of a long text.
  const sentences = words.match(/[^\n]+?(?:[.!?…]+(?=\s|$)|(?=\n|$))/g) || [];
  const parts = sentences.map((sentence) => sentence.trim()).filter(Boolean);
  parts.forEach((sentence, place) => {
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.9;
    const finish = () => {
      if (reading === button) hush();
    };
    if (place === parts.length - 1) utterance.onend = finish;
    utterance.onerror = finish;
    synthesis.speak(utterance);
  });
}
