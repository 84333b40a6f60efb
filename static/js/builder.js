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
