// Inside a frame of another site: says how tall the page is and that it was answered, to the sites of the survey alone.

const sites = document.currentScript.dataset.to.split(" ");
const around = window.location.ancestorOrigins?.[0];
const listeners = around && sites.includes(around) ? [around] : sites;

function say(message) {
  listeners.forEach((site) => parent.postMessage({ from: "terugkoppel", ...message }, site));
}

if (parent !== window) {
  new ResizeObserver(() => say({ height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
  if (document.querySelector("[data-answered]")) say({ answered: true });
}
