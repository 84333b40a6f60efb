// A tablet on a counter: after a while without a touch it asks, and then begins anew with nothing of whoever was there.

const { start, quiet } = document.currentScript.dataset;
const ASKED = 30, TRIED = 10;
const TOUCHES = ["pointerdown", "keydown", "input", "scroll"];
let waiting;

// Nobody is asked anything where nobody was: a page that nobody touched is merely fetched anew, with what changed since.
later(document.querySelector(".errors, .own-code, .typed") ? ask : begin, quiet);

function touched() {
  show(false);
  later(ask, quiet);
}

function later(what, seconds) {
  clearTimeout(waiting);
  waiting = setTimeout(what, seconds * 1000);
}

function show(asking) {
  const words = document.querySelector(".still-there");
  if (words) words.hidden = !asking;
}

function ask() {
  show(true);
  later(begin, ASKED);
}

// Hidden at once; without a connection the page stays, empty, until there is one.
async function begin() {
  TOUCHES.forEach((event) => removeEventListener(event, touched));
  document.querySelector("main").hidden = true;
  try {
    await fetch(start, { method: "HEAD", cache: "no-store" });
    location.replace(start);
  } catch {
    later(begin, TRIED);
  }
}

TOUCHES.forEach((event) => addEventListener(event, touched, { passive: true }));
addEventListener("pageshow", (event) => event.persisted && begin());
