// Puts a survey in this page: <div data-terugkoppel="SLUG"></div><script src="…/embed.js" async></script>
// `data-language` chooses its language; `data-said="order=A-17"` says answers beforehand, which sends nothing.
// When it is answered, the div tells so: addEventListener("terugkoppel:answered", …). No cookie, nothing else is read.

(() => {
  const home = document.currentScript.src.replace(/\/embed\.js.*$/, "");
  const origin = new URL(home).origin;
  const frames = new Map();

  const start = () => document.querySelectorAll("[data-terugkoppel]:empty").forEach(place);
  addEventListener("message", hear);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();

  function place(spot) {
    const asked = new URLSearchParams(spot.dataset.said ?? "");
    asked.set("embed", "1");
    if (spot.dataset.language) asked.set("lang", spot.dataset.language);
    const frame = document.createElement("iframe");
    frame.src = `${home}/s/${encodeURIComponent(spot.dataset.terugkoppel)}?${asked}`;
    frame.title = spot.dataset.title ?? "Terugkoppel";
    Object.assign(frame.style, { display: "block", width: "100%", height: "40rem", border: "0" });
    spot.append(frame);
    frames.set(frame, spot);
  }

  // Only what our own frame says from our own address is believed.
  function hear(event) {
    const [frame, spot] = [...frames].find(([one]) => one.contentWindow === event.source) ?? [];
    if (!frame || event.origin !== origin || event.data?.from !== "terugkoppel") return;
    if (Number.isFinite(event.data.height)) frame.style.height = `${Math.min(Math.max(event.data.height, 0), 20000)}px`;
    if (event.data.answered) {
      const detail = { survey: spot.dataset.terugkoppel };
      spot.dispatchEvent(new CustomEvent("terugkoppel:answered", { bubbles: true, detail }));
      frame.scrollIntoView({ block: "nearest" });
    }
  }
})();
