// The inbox: shows what the stand-in keeps.

import { at, back, h, icon, joined, many, moment, note, notice, place, said, show, shows } from "./dom.js";
import { guide } from "./guide.js";
import { messageNode } from "./message.js";
import { FIRST, STEP, clear, companyName, contactName, fields, get, hashOf, isChosen, named, outcome } from "./state.js";
import { query, senderName, snippet, state, threadOf } from "./state.js";

const RETRY = 1000; // ms until a lost connection is tried again
const POLL = 4000; // ms between two looks at the world and the health, of whose changes no event tells
const CONFIRM = 4000; // ms in which a second click clears
const TITLE = document.title;

let nodes = { threads: new Map(), messages: new Map(), open: null };

// --- The list of threads

const disagreements = (records) => records.reduce((sum, record) => sum + record.discrepancies.length, 0);

const mediaIcon = (record) => fields(record).mediaType != null && icon(fields(record).mediaType);

function threadNode(key, records, isOpen) {
  const [newest] = records;
  const node = nodes.threads.get(key) ?? h("li", {}, h("a", { href: key }));
  if (isOpen) node.firstChild.setAttribute("aria-current", "true");
  else node.firstChild.removeAttribute("aria-current");
  const sum = disagreements(records);
  show(node.firstChild, [newest.key, sum], () => [
    h("span", { class: "row" }, said("strong", contactName(newest)), moment(newest.time)),
    said("span", joined(newest.company === null ? companyName(null) : "", senderName(newest)), "via"),
    h("span", { class: "row" }, mediaIcon(newest), said("span", snippet(newest), "snippet"), outcome(newest)),
    ...(sum ? [h("span", { class: "bad" }, many(sum, "discrepancy", "discrepancies"))] : []),
  ]);
  return node;
}

function byThread(records) {
  const threads = new Map();
  for (const record of records) {
    if (threads.has(record.thread)) threads.get(record.thread).push(record);
    else threads.set(record.thread, [record]);
  }
  return threads;
}

// --- The page

function render() {
  renderBanners();
  if (!state.world) return;
  const [here, threads] = [named(), byThread(state.records)];
  const isEmpty = state.told?.kept === 0 && !state.records.length;
  renderHead();
  const shown = [...threads].slice(0, state.threadsShown);
  nodes.threads = new Map(shown.map(([key, records]) => [key, threadNode(key, records, key === here.thread)]));
  place(at("threads"), [...nodes.threads.values()]);
  at("older").hidden = threads.size <= state.threadsShown && state.records.length >= state.total;
  at("nothing").hidden = threads.size > 0;
  at("nothing").textContent = nothing();
  document.body.dataset.view = here.thread || here.isGuide || isEmpty ? "main" : "threads";
  renderMain(here, threads.get(here.thread), isEmpty);
}

function nothing() {
  if (state.words) return `No ${state.outcome} message has “${state.words}”.`.replace("  ", " ");
  return state.outcome ? `No message has the outcome ${state.outcome}.` : "No messages yet.";
}

function renderBanners() {
  const { health, isConnected, failure } = state;
  const bad = [
    !isConnected && "The connection to the stand-in is lost. Trying again…",
    failure && `The messages cannot be shown: ${failure}`,
    health?.status === "stale" && `A changed file is not valid; what was served before still is. ${health.trouble}`,
    health?.status === "unwritten" && `The messages here are not all in their file. ${health.trouble}`,
  ].filter(Boolean);
  const to = health?.upstream;
  show(at("banners"), [bad, to], () => [
    ...bad.map((text) => h("p", { class: "banner bad" }, text)),
    ...(to ? [h("p", { class: "banner" }, `Valid messages are passed on to ${to}, and really sent.`)] : []),
  ]);
}

function renderHead() {
  if (!state.world) return;
  const { told, records, total, world, company } = state;
  const sum = disagreements(records);
  at("discrepancies").hidden = !sum;
  at("discrepancies").textContent = many(sum, "discrepancy", "discrepancies");
  if (sum) at("discrepancies").href = hashOf(records.find((record) => record.discrepancies.length));
  const bound = told && `${many(told.kept, "message")} kept, ${told.most.toLocaleString("en")} at most.`;
  const dropped = told?.dropped && `Dropped: the oldest ${told.dropped.toLocaleString("en")}.`;
  const part = records.length < total && `Listed: the newest ${records.length.toLocaleString("en")}.`;
  at("kept").textContent = [bound, dropped, part].filter(Boolean).join(" ");
  const ids = [...new Set(["", ...world.companies.map(({ id }) => id), company])];
  at("company-choice").hidden = ids.length < 3;
  const option = (id) => h("option", { value: id }, id ? companyName(id) : "All companies");
  show(at("company"), ids, () => ids.map(option));
  at("company").value = company;
  at("outcome").value = state.outcome;
  at("to-ids").hidden = Boolean(state.health.upstream); // it is no world that answers then
  const count = isChosen() ? total : told?.kept ?? 0;
  at("clear").hidden = !count;
  if (!confirming) at("clear").textContent = isChosen() ? "Clear what is found" : "Clear all";
  document.title = state.unseen ? `(${state.unseen.toLocaleString("en")}) ${TITLE}` : TITLE;
}

function renderMain(here, records, isEmpty) {
  if (here.thread && !records && seekOlder()) return;
  const what = records ? here.thread : here.thread ? [location.hash, nothing()] : [isEmpty, state.company];
  const before = shows.get(at("main"));
  show(at("main"), [what, state.world], () => {
    Object.assign(nodes, { messages: new Map(), open: null });
    state.messagesShown = STEP;
    const lost = isChosen() ? `Not here: ${nothing()}` : "This address names a message or a thread that is not kept here.";
    return [records ? conversation(records[0]) : here.thread ? notice("No messages", lost) : guide(isEmpty)];
  });
  const isAnother = before !== shows.get(at("main"));
  if (records) renderMessages(here, records, isAnother);
  else if (isAnother) scroller().scrollTop = 0;
}

/** Show the messages of a thread, the newest at the bottom, without moving what is read. */
function renderMessages(here, records, isAnother) {
  const open = records.findIndex((record) => record.id === here.message);
  if (open < state.messagesShown + STEP) state.messagesShown = Math.max(state.messagesShown, open + 1);
  const from = open < state.messagesShown ? 0 : open; // one far below the newest is shown without all that is between
  const shown = records.slice(from, from + state.messagesShown).reverse();
  const isOpened = open >= 0 && nodes.open !== here.message;
  const wasAtEnd = isAtEnd();
  const [known, newest] = [nodes.messages, records[0].key];
  const stay = heldInView();
  nodes.messages = new Map(shown.map((each) => [each.key, messageNode(each, each.id === here.message, known.get(each.key))]));
  place(at("main").querySelector("ol"), [...nodes.messages.values()]);
  at("main").querySelector(".newer").hidden = from === 0;
  const isFirst = from + shown.length >= records.length && state.records.length >= state.total;
  at("main").querySelector(".older").hidden = isFirst;
  nodes.open = here.message;
  if (isOpened) toMessage(nodes.messages.get(records[open].key));
  else if (isAnother || (wasAtEnd && open < 0)) toEnd();
  else stay();
  const isNew = !isAnother && from === 0 && !known.has(newest);
  if (isNew && !isAtEnd()) at("main").querySelector(".latest").hidden = false;
}

// --- What is in view: the main column scrolls on a wide screen, the whole page on a phone

const isWide = () => getComputedStyle(at("main")).overflowY === "auto";
const scroller = () => (isWide() ? at("main") : document.scrollingElement);

function isAtEnd() {
  const { scrollHeight, scrollTop, clientHeight } = scroller();
  return scrollHeight - scrollTop - clientHeight < 60;
}

/** Scroll to a message: to its first line if it is higher than the view. */
function toMessage(node) {
  node.scrollIntoView({ block: node.offsetHeight > scroller().clientHeight - 80 ? "start" : "nearest" });
}

function toEnd() {
  scroller().scrollTop = scroller().scrollHeight;
}

/** Remember the first message in view; returns a function that puts it where it was. */
function heldInView() {
  const first = [...nodes.messages.values()].find((node) => node.getBoundingClientRect().bottom > 60);
  const before = first?.getBoundingClientRect().top;
  return () => {
    if (first?.isConnected) scroller().scrollTop += first.getBoundingClientRect().top - before;
  };
}

function hideLatest() {
  const latest = at("main").querySelector(".latest");
  if (latest && isAtEnd()) latest.hidden = true;
}

function conversation(record) {
  const { contact, sender, company } = record;
  const name = contactName(record);
  const isOfMany = state.world.companies.length > 1 || company === null;
  const older = h("button", { type: "button", class: "older" }, "Show older");
  older.addEventListener("click", () => showOlder("messagesShown"));
  const latest = h("button", { type: "button", class: "latest", hidden: "" }, "↓ New messages");
  latest.addEventListener("click", toEnd);
  const lost = "The API key of these requests belongs to no company of the world, so each was refused.";
  return h(
    "div",
    { class: "conversation" },
    h("div", { class: "top" }, back(), h("h2", { tabindex: -1, dir: "auto", title: name }, name)),
    said("p", joined(senderName(record), isOfMany ? companyName(company) : ""), "via"),
    note("To ", h("code", {}, contact || "nobody"), sender && " through ", sender && h("code", {}, sender.id)),
    company === null && h("p", { class: "lost" }, lost),
    older,
    h("ol", { "aria-label": "Messages, newest last" }),
    h("a", { class: "newer", href: record.thread }, "Show newer"),
    latest,
  );
}

// --- What the server says

let isUpdating = false;
let isWantedAgain = false;

/** Fetch what changed, and show it. One at a time: what changes meanwhile is fetched after it. */
async function update() {
  isWantedAgain = true;
  if (isUpdating) return;
  isUpdating = true;
  while (isWantedAgain) {
    isWantedAgain = false;
    try {
      if (!state.world) await lookAround();
      await (state.isStale ? fetchAll() : fetchNew());
      state.failure = "";
    } catch (error) {
      state.isStale = true;
      if (!(error instanceof TypeError)) state.failure = error.message; // that is no connection, which is told already
    }
  }
  isUpdating = false;
  render();
}

const kept = (record) => ({ ...record, thread: threadOf(record), key: `${record.id} ${record.time}` });

async function fetchAll() {
  state.isStale = false;
  const newest = state.told?.newest ?? 0;
  const { count, messages } = await query({ limit: state.limit });
  if (state.isStale) return;
  Object.assign(state, { records: messages.map(kept), total: count, seen: Math.max(newest, messages[0]?.id ?? 0) });
}

async function fetchNew() {
  const { newest } = state.told;
  const { count, messages, journal } = await query({ limit: FIRST, since: state.seen });
  const isFlood = count > messages.length;
  if (isFlood && state.limit > FIRST) reload();
  if (state.isStale) return;
  state.records = [...messages.map(kept), ...(isFlood ? [] : state.records)].slice(0, journal.kept);
  state.total = Math.min(state.total + count, journal.kept);
  state.seen = Math.max(state.seen, newest, messages[0]?.id ?? 0);
  if (!document.hasFocus()) state.unseen += count;
  if (count === 1) at("news").textContent = `New message to ${contactName(messages[0])}: ${messages[0].outcome}`;
  if (count > 1) at("news").textContent = `${count} new messages`;
}

function reload() {
  state.isStale = true;
  update();
}

/** Whether it is worth waiting for older messages, among which may be what the address names. */
function seekOlder() {
  if (isUpdating || state.isStale) return true;
  if (state.records.length >= state.total) return false;
  state.limit = 1e6;
  reload();
  return true;
}

function showOlder(which) {
  state[which] += STEP;
  if (state.records.length >= state.total) return render();
  state.limit = state.records.length * 2;
  return reload();
}

async function lookAround() {
  const [world, health] = await Promise.all([get("/_mock/world"), get("/_mock/health")]);
  if (JSON.stringify(world) !== JSON.stringify(state.world)) {
    nodes = { threads: new Map(), messages: new Map(), open: null };
  }
  Object.assign(state, { world, health });
  render();
}

function lookAgain() {
  if (!state.isConnected) return;
  (document.hidden ? countUnseen() : lookAround()).catch(() => {});
}

/** Count the messages that came while the page is hidden, when it holds no connection. */
async function countUnseen() {
  const { journal } = await get("/_mock/health");
  state.unseen = Math.max(0, journal.newest - state.seen);
  renderHead();
}

let source;
let retrying;

/** Hear of changes while the page is seen: a browser has six connections to a server, and each page takes one. */
function listen() {
  clearTimeout(retrying);
  source?.close();
  if (document.hidden) return;
  state.isStale = true; // it may be another server by now
  source = new EventSource("/_mock/events");
  source.onmessage = (event) => {
    if (!state.isConnected) lookAround().catch(() => {});
    state.isConnected = true;
    changed(JSON.parse(event.data));
  };
  source.onerror = () => {
    source.close();
    state.isConnected = false;
    retrying = setTimeout(listen, RETRY);
    render();
  };
}

function changed(told) {
  const before = state.told;
  const gone = told.dropped - before?.dropped;
  // Else some were forgotten, or it is another journal.
  const isGrown = before && told.kept === before.kept + told.newest - before.newest - gone;
  Object.assign(state, { told, isStale: state.isStale || !isGrown });
  update();
}

// --- What a person does

/** Read the choice of the address; returns whether it is another one. */
function readAddress() {
  const chosen = new URLSearchParams(location.search);
  const [company, outcome] = [chosen.get("company") ?? "", chosen.get("outcome") ?? ""];
  if (company === state.company && outcome === state.outcome) return false;
  Object.assign(state, { company, outcome, limit: FIRST });
  return true;
}

/** Search for nothing, so that the message that the address names is among those that are listed. */
function chooseAll() {
  at("search").value = state.words = "";
  history.replaceState(null, "", `${state.company ? `/?${new URLSearchParams({ company: state.company })}` : "/"}${location.hash}`);
  reload();
}

function go() {
  const before = [shows.get(at("main")), document.body.dataset.view];
  const { message, thread } = named();
  if (message && thread === "missing" && (state.words || state.outcome)) chooseAll();
  if (readAddress()) reload();
  render();
  if (shows.get(at("main")) !== before[0]) at("main").querySelector("h2")?.focus({ preventScroll: true });
  if (!isWide() && document.body.dataset.view === "threads" && before[1] === "main") scrollTo(0, 0);
}

let typing;
at("search").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    Object.assign(state, { words: at("search").value.trim(), limit: FIRST, threadsShown: STEP });
    reload();
  }, 150);
});
for (const name of ["company", "outcome"]) {
  at(name).addEventListener("change", () => {
    const chosen = new URLSearchParams(location.search);
    chosen.set(name, at(name).value);
    if (!at(name).value) chosen.delete(name);
    history.pushState(null, "", `/${chosen.size ? "?" : ""}${chosen}`);
    go();
  });
}

let confirming;

function stopConfirming() {
  clearTimeout(confirming);
  confirming = 0;
  renderHead();
}

at("clear").addEventListener("click", async () => {
  if (confirming) {
    stopConfirming();
    await clear().catch(({ message }) => (state.failure = message));
    return reload();
  }
  const count = isChosen() ? state.total : state.told.kept;
  at("clear").textContent = `Really clear ${many(count, "message")}?`;
  confirming = setTimeout(stopConfirming, CONFIRM);
});
addEventListener("click", ({ target }) => {
  const href = target.closest?.("a")?.getAttribute("href");
  if (href !== location.hash || !named().message) return;
  nodes.open = null; // a link to the message that is open already scrolls to it
  render();
});
addEventListener("scroll", hideLatest, { capture: true, passive: true });
addEventListener("focus", () => {
  state.unseen = 0;
  render();
});
at("older").addEventListener("click", () => showOlder("threadsShown"));
addEventListener("hashchange", go);
addEventListener("popstate", go);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) state.unseen = 0;
  listen();
});
setInterval(lookAgain, POLL);
readAddress();
listen();
