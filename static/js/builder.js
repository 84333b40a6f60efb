// A question is dragged to its place by its grip. The server moves it: this presses the button that stands there for it.

const rows = document.querySelector("[data-sortable]");
let held = null;

document.querySelector("[data-moved]")?.focus(); // the same button under the same finger, after a move

if (rows) {
  rows.querySelectorAll(":scope > fieldset").forEach(addGrip);
  rows.addEventListener("dragstart", lift);
  rows.addEventListener("dragover", hover);
  rows.addEventListener("drop", drop);
  rows.addEventListener("dragend", rest);
}

function addGrip(row) {
  const grip = document.createElement("span");
  grip.className = "grip";
  grip.textContent = "⠿";
  grip.draggable = true;
  grip.setAttribute("aria-hidden", "true");
  row.querySelector("legend").prepend(grip);
}

function lift(event) {
  if (!event.target.closest?.(".grip")) return;
  held = event.target.closest("fieldset.question-row");
  held.classList.add("is-held");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", held.id);
  event.dataTransfer.setDragImage(held, 20, 20);
}

function hover(event) {
  const over = event.target.closest(".question-row");
  if (!held || !over) return;
  event.preventDefault();
  clear();
  if (over !== held) over.classList.add(isBelow(over) ? "is-under" : "is-over");
}

function drop(event) {
  const over = event.target.closest(".question-row");
  if (!held || !over) return;
  event.preventDefault();
  const place = placeOf(over);
  if (over !== held) moveTo(held, place);
}

function moveTo(row, place) {
  const button = document.querySelector("[data-mover]");
  button.value = `${row.id} to ${place}`;
  button.formAction = `${button.getAttribute("formaction").split("#")[0]}#${rows.children[place].id}`;
  button.form.requestSubmit(button);
}

const isBelow = (over) => placeOf(over) > placeOf(held);
const placeOf = (row) => [...rows.children].indexOf(row);
const clear = () => rows.querySelectorAll(".is-over, .is-under").forEach((row) => row.classList.remove("is-over", "is-under"));

function rest() {
  held?.classList.remove("is-held");
  held = null;
  clear();
}

// The frame beside the form follows what is typed. It is drawn by the server; only its words are put in the place of those before.

const frame = document.querySelector("[data-preview]");
const form = document.querySelector("form.builder");
let waiting = 0, last = 0, inLanguage = "";

if (frame && form) {
  form.addEventListener("input", soon);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-look] button");
    if (!button) return;
    event.preventDefault();
    inLanguage = button.formAction;
    look();
  });
  frame.addEventListener("load", look, { once: true });
  if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.querySelector("main")) look();
}

// What is typed and not kept yet is not left by accident; a page that a button of the form brought back holds such words too.

let unkept = Boolean(form?.querySelector("[data-unkept]"));

if (form) {
  form.addEventListener("input", () => { unkept = true; });
  form.addEventListener("submit", () => { unkept = false; });
  addEventListener("beforeunload", (event) => { if (unkept) event.preventDefault(); });
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(look, 400);
}

async function look() {
  const mine = ++last;
  const address = inLanguage || document.querySelector("[data-look] button").formAction.split("?")[0];
  const answer = await fetch(address, { method: "POST", body: new FormData(form) });
  if (!answer.ok || mine !== last) return;
  show(await answer.text());
}

// The policy of this page would stop (and tell of) the styles in the text: the one that hides questions goes in by another way.
function show(text) {
  const hides = /<style[^>]* id="hides">([^]*?)<\/style>/.exec(text)?.[1] ?? "";
  const drawn = new DOMParser().parseFromString(text.replace(/<style[^]*?<\/style>/g, ""), "text/html");
  const page = frame.contentDocument;
  const top = page.scrollingElement.scrollTop;
  page.documentElement.lang = drawn.documentElement.lang;
  page.querySelector("main").replaceWith(page.adoptNode(drawn.querySelector("main")));
  const sheet = new frame.contentWindow.CSSStyleSheet();
  sheet.replaceSync(hides);
  page.adoptedStyleSheets = [sheet];
  page.scrollingElement.scrollTop = top;
}
