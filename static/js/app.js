// Small comforts. Every page works without this file.

const language = document.documentElement.lang || "en";

document.addEventListener("DOMContentLoaded", () => {
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target));
  document.querySelector(".rooms [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  setInterval(countDown, 1_000);
});
document.addEventListener("input", (event) => event.target.matches("[data-count]") && count(event.target));
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) selectAll(event.target);
});
document.addEventListener("click", (event) => event.target.matches("[data-put]") && putIn(event.target));
document.addEventListener("click", (event) => closeMenus(event.target.closest(".menu")));
document.addEventListener("keydown", (event) => event.key === "Escape" && closeMenus(null));
// A page that nobody looks at does not say that somebody has it open.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("[data-while-seen]")) event.preventDefault();
});

function prepare(part) {
  part.querySelectorAll("[data-count]").forEach(count);
  part.querySelectorAll("[data-select-all]").forEach(show);
  part.querySelectorAll("[data-put]").forEach((button) => { button.hidden = false; });
  countDown();
}

// How much longer the hold lasts, in the reader's words.
function countDown() {
  document.querySelectorAll("[data-hold-until]").forEach((hold) => {
    const seconds = (Date.parse(hold.dataset.holdUntil) - Date.now()) / 1000;
    if (seconds <= 0) hold.textContent = hold.dataset.holdOver;
    else hold.querySelector("b").textContent = duration(seconds);
  });
}

function duration(seconds) {
  const [unit, amount] = seconds < 90 ? ["second", Math.ceil(seconds)] : ["minute", Math.ceil(seconds / 60)];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(amount);
}

// Characters, as the server counts them: a code point each, a line end as one.
function count(field) {
  const left = Number(field.dataset.limit) - [...field.value].length;
  const words = document.getElementById(field.dataset.count);
  words.textContent = `${left < 0 ? words.dataset.over : words.dataset.left} ${Math.abs(left).toLocaleString(language)}`;
  words.classList.toggle("is-over", left < 0);
}

function selectAll(box) {
  const scope = box.closest("form, table, [data-select-scope]") ?? document;
  scope.querySelectorAll("input[type=checkbox][name]").forEach((other) => { other.checked = box.checked; });
}

function show(box) {
  box.hidden = false;
  if (box.parentElement.matches(".select-all")) box.parentElement.hidden = false;
}

// The writing aid's words in the place of those that it found, unless these have changed since.
function putIn(button) {
  const field = button.closest("form").elements[button.dataset.put];
  const characters = [...field.value], { from, to, was, instead } = button.dataset;
  if (characters.slice(from, to).join("") !== was) return;
  field.value = [...characters.slice(0, from), instead, ...characters.slice(to)].join("");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function closeMenus(except) {
  document.querySelectorAll(".menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
}
