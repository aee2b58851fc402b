// The door's camera. What the page gives:
//   <video data-scan muted playsinline>          the camera's picture
//   <form data-scan-form method="post" action>   with its CSRF field and <input name="code">
//   <div data-scan-result role="status">         receives the answer; it stays in the page, also when empty
//   [data-scan-idle]      shown while waiting for a code, hidden while an answer is shown
//   [data-scan-denied]    shown when the camera is not allowed or not there
//   <template data-scan-lost>   the answer to show when the server cannot be reached
//   <button data-scan-torch aria-pressed>   shown where the lamp can be switched
//   [data-scan-count="gate|all"]   numbers that an answer may renew, and the pulse does
//   <form data-scan-pulse="address">   told every half minute, and after each answer, that this phone is at
//                                    work; answers {counts}
//   [data-scan-online] [data-scan-offline]   one of them is shown
//   a[data-follow] in an answer      leads somewhere; any other way on goes back to the camera
// The server answers JSON {tone, title, line, detail, html, counts}: html if given is put in as it is
// (it comes from our own template), else the three texts. tone is in, maybe, already or no.
// Without this file the form works: one types the code.
import { decoder } from "./decode.js";

const SAME_CODE = 3000; // ms for which a code that stays before the camera counts as the same showing
const PAUSE = 60; // ms between two looks at the picture; an old phone needs them to stay cool
const GOES_ON = 2000; // ms after which a good answer makes room by itself
const FEEL = { in: [80], maybe: [80], already: [80, 80, 80], no: [400] }; // ms on, off, on
const PITCH = { in: 880, maybe: 440, already: 330, no: 165 }; // Hz

const video = document.querySelector("[data-scan]");
const form = document.querySelector("[data-scan-form]");
const result = document.querySelector("[data-scan-result]");
const idle = document.querySelectorAll("[data-scan-idle]");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const asked = new Map(); // code -> when it was last before the camera, ms
const codes = new Set(); // every code that was ever before the camera
let busy = false; // an answer is on its way
let holds = false; // an answer that only a tap may take away is being shown
let goesOn = 0;
let sound = null;

function rest() {
  clearTimeout(goesOn);
  holds = false;
  result.replaceChildren();
  waiting(true);
}

// The camera's own part is only taken out of sight: some phones stop a video that is not displayed.
function waiting(on) {
  for (const part of idle) {
    if (!part.contains(video)) part.hidden = !on;
    else {
      part.classList.toggle("visually-hidden", !on);
      part.inert = !on;
    }
  }
}

function speak(tone) {
  if (navigator.userActivation?.hasBeenActive === false) return; // before the first touch: only words
  navigator.vibrate?.(FEEL[tone] ?? FEEL.no);
  try {
    sound ??= new AudioContext();
    const note = sound.createOscillator(), volume = sound.createGain();
    note.frequency.value = PITCH[tone] ?? PITCH.no;
    volume.gain.value = 0.1;
    note.connect(volume).connect(sound.destination);
    note.start();
    note.stop(sound.currentTime + (tone === "no" ? 0.4 : 0.12));
  } catch {
    // a browser may refuse sound; the picture and the words are enough
  }
}

function texts(answer) {
  const section = document.createElement("section");
  section.className = `st-result st-${answer.tone}`;
  for (const [tag, words] of [["h2", answer.title], ["p", answer.line], ["p", answer.detail]]) {
    if (!words) continue;
    section.appendChild(document.createElement(tag)).textContent = words;
  }
  return section;
}

function show(answer) {
  clearTimeout(goesOn);
  waiting(false);
  if (answer.html) result.innerHTML = answer.html;
  else result.replaceChildren(answer.node ?? texts(answer));
  count(answer.counts);
  const good = answer.tone === "in" || answer.tone === "maybe";
  holds = !good;
  if (good && !calm.matches) goesOn = setTimeout(rest, GOES_ON);
  speak(answer.tone);
}

// One for every showing of a code: sent twice, it is one record. randomUUID needs a safe connection.
function newId() {
  return "cam-" + Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}

function connected(yes) {
  for (const part of document.querySelectorAll("[data-scan-online]")) part.hidden = !yes;
  for (const part of document.querySelectorAll("[data-scan-offline]")) part.hidden = yes;
}

async function pulse() {
  if (!form.dataset.scanPulse || document.hidden) return;
  const body = new FormData(form);
  body.set("unsent", "0");
  try {
    const answer = await fetch(form.dataset.scanPulse, { method: "POST", body, headers: { Accept: "application/json" } });
    connected(true);
    if (answer.ok) count((await answer.json()).counts);
  } catch {
    connected(false);
  }
}

function count(counts) {
  for (const [name, number] of Object.entries(counts ?? {}))
    for (const place of document.querySelectorAll(`[data-scan-count="${name}"]`)) place.textContent = number;
}

async function ask(code) {
  busy = true;
  const body = new FormData(form);
  body.set("code", code);
  body.set("client_id", newId());
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const said = await answer.json();
    connected(true);
    show(answer.ok ? said : { tone: "no", title: said.title, line: said.advice });
    pulse();
  } catch {
    connected(false);
    const lost = document.querySelector("template[data-scan-lost]");
    show({ tone: "no", node: lost?.content.cloneNode(true), title: form.dataset.lost });
  } finally {
    busy = false;
  }
}

function found(code) {
  codes.add(code);
  video.dataset.codes = codes.size;
  const now = performance.now(), before = asked.get(code);
  if (before !== undefined && now - before < SAME_CODE) asked.set(code, now);
  else if (!busy && !holds) {
    // a card that waits while an answer is shown counts as not yet read
    asked.set(code, now);
    ask(code);
  }
}

async function watch() {
  const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  await video.play();
  torch(video.srcObject.getVideoTracks()[0]);
  const { name, read } = await decoder();
  video.dataset.decoder = name;
  const next = () => setTimeout(look, PAUSE);
  async function look() {
    const code = video.videoWidth ? await read(video).catch(() => undefined) : undefined;
    if (code) found(code);
    next();
  }
  next();
}

function torch(track) {
  const button = document.querySelector("[data-scan-torch]");
  if (!button) return;
  button.hidden = !track.getCapabilities?.().torch;
  button.addEventListener("click", async () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    await track.applyConstraints({ advanced: [{ torch: on }] });
    button.setAttribute("aria-pressed", String(on));
  });
}

if (video && form && result) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.elements.namedItem("code"), code = field.value.trim();
    if (code && !busy) {
      field.value = "";
      ask(code);
    }
  });
  result.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link && ("follow" in link.dataset || !link.matches(".st-next, .st-alt"))) return;
    event.preventDefault();
    rest();
  });
  addEventListener("offline", () => connected(false));
  addEventListener("online", pulse);
  setInterval(pulse, 30000);
  watch().catch((problem) => {
    video.dataset.problem = problem.name;
    for (const part of document.querySelectorAll("[data-scan-denied]")) part.hidden = false;
  });
}
