// All of it by keyboard. A key belongs to what has it in aria-keyshortcuts: a field is entered, a button or a link pressed.
// In a list, j and k go down and up, x ticks, and a digit chooses from the select beside the list. Where each line has a
// select of its own, the key that stands in an option chooses it and goes on to the next line. "?" lists the keys.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target)) return event.key === "Escape" ? event.target.blur() : undefined;
  if (press(event.key)) event.preventDefault();
});

function isTyping(where) {
  return where.matches("textarea, select, input:not([type=checkbox], [type=radio])") || where.isContentEditable;
}

function press(key) {
  if (key === "?") return showKeys();
  if (pick(key) || another(key)) return true;
  if (/^[1-9]$/.test(key)) return choose(Number(key));
  return (LIST[key] ?? (() => shortcut(key)))();
}

const LIST = { j: () => move(1), k: () => move(-1), x: () => tick(current()) };

function items() {
  return [...document.querySelectorAll("main .items > .item")];
}

function current() {
  return document.activeElement?.closest(".item");
}

function move(by) {
  const all = items();
  const next = all[current() ? all.indexOf(current()) + by : 0];
  next?.querySelector("a").focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

function tick(item) {
  const box = item?.querySelector("input[type=checkbox]");
  if (box) box.click();
  return Boolean(box);
}

// The nth action for what is ticked, or for the line that is looked at.
function choose(number) {
  const select = document.querySelector("select[data-by-number]");
  if (!select?.options[number]) return false;
  const form = select.form;
  if (!form.querySelector("input[type=checkbox]:checked") && !tick(current())) return false;
  select.selectedIndex = number;
  form.requestSubmit();
  return true;
}

function pick(key) {
  const line = current() ?? items()[0];
  const option = [...line?.querySelectorAll("select[data-by-key] option") ?? []].find((one) => one.dataset.key === key);
  if (!option) return false;
  option.selected = true;
  line.querySelector("a").focus();
  move(1);
  return true;
}

// A line's letter puts the next most probable action there, from wherever one is; any key for an action then goes before it.
function another(key) {
  const select = [...document.querySelectorAll("select[data-letter]")].find((one) => one.dataset.letter === key);
  if (!select) return false;
  const likely = select.dataset.likely.split(" ");
  const after = () => likely[(likely.indexOf(select.value) + 1) % likely.length];
  select.value = after();
  const item = select.closest(".item");
  item.querySelector("[data-next]").textContent = select.querySelector(`[value="${after()}"]`).text.replace(/^. · /, "");
  item.querySelector("a").focus();
  return true;
}

function shortcut(key) {
  const found = [...document.querySelectorAll("[aria-keyshortcuts]")].find((one) => keysOf(one).includes(key));
  if (!found) return false;
  found.closest("details:not([open])")?.setAttribute("open", "");
  if (found.matches("input:not([type=checkbox]), select, textarea")) found.focus();
  else found.click();
  return true;
}

function keysOf(one) {
  return one.getAttribute("aria-keyshortcuts").split(" ");
}

function showKeys() {
  const dialog = document.querySelector("dialog.keys");
  if (!dialog) return false;
  dialog.querySelectorAll("[data-only-where]").forEach((line) => {
    line.hidden = !document.querySelector(line.dataset.onlyWhere);
  });
  if (dialog.open) dialog.close();
  else dialog.showModal();
  return true;
}
