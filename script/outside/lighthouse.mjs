// Looks at addresses with Lighthouse, in one browser: JSON in (`chromium`, `pages`: name, url, form), a line of JSON out for each.
import { createInterface } from "node:readline";
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
// Speed is measured elsewhere (script/bench page): nothing is photographed or waited for. (Any throttlingMethod but the default waits ten seconds.)
const AT_ONCE = { pauseAfterFcpMs: 0, pauseAfterLoadMs: 0, networkQuietThresholdMs: 0, cpuQuietThresholdMs: 0 };
const LOOKS = {
  onlyCategories: ["accessibility", "best-practices"], ignoreStatusCode: true, disableFullPageScreenshot: true, logLevel: "silent", ...AT_ONCE,
};

const lines = createInterface({ input: process.stdin });
const { chromium, pages } = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
const chrome = await launch({ chromePath: chromium, chromeFlags: FLAGS, logLevel: "silent" });
process.once("SIGTERM", () => { chrome.kill(); process.exit(1); });
try {
  for (const page of pages) console.log(JSON.stringify({ ...page, ...(await look(page)) }));
} finally {
  await chrome.kill();
}

async function look({ url, form }) {
  const seen = await lighthouse(url, { ...LOOKS, port: chrome.port }, form === "desktop" ? desktopConfig : undefined);
  const { categories, audits, runtimeError } = seen.lhr;
  const missed = missedIn(categories, audits).filter((one) => !saysItsOwnStatus(one, url));
  return { failed: runtimeError?.message ?? "", scores: scoresOf(categories), missed: missed.map((one) => [one.id, one.title, where(one)]) };
}

// The browser itself writes the 404 of a page that is not there into the console: that page is meant to say so.
function saysItsOwnStatus({ id, details }, url) {
  return id === "errors-in-console" && details.items.every(({ sourceLocation }) => sourceLocation?.url === url);
}

function scoresOf(categories) {
  return Object.fromEntries(Object.values(categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]));
}

// What took points.
function missedIn(categories, audits) {
  const weighed = Object.values(categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0));
  return weighed.map(({ id }) => audits[id]).filter(({ score }) => score !== null && score < 1);
}

function where({ details }) {
  const items = (details?.items ?? []).slice(0, 3);
  return items.map(({ node, description, source }) => node?.snippet ?? description ?? source ?? "").join(" | ");
}
