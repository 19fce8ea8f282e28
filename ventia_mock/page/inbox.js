// The inbox: shows what the stand-in keeps. Whatever a message says becomes text, never HTML.

const FIRST = 200; // messages fetched at first
const STEP = 50; // threads, and messages of a thread, shown at first
const LONGEST = 5000; // characters of a text in a bubble; the raw request has all
const RETRY = 1000; // ms until a lost connection is tried again
const POLL = 4000; // ms between two looks at the world and the health, of whose changes no event tells

const TYPES = { whatsapp_business: "WhatsApp Business", unofficial_wpp: "WhatsApp", fb: "Facebook", ig: "Instagram" };
const FAULTS = {
  drop: "the connection was reset instead of an answer",
  half: "the connection was closed after half of the answer",
  html_502: "an HTML page with status 502 was answered",
  malformed_json: "the answer was cut, so it is no JSON",
  answer: "the answer was a planned one",
};

const state = {
  records: [], // the newest that fit, newest first
  total: 0, // how many fit in all
  seen: 0, // number of the newest that was fetched
  limit: FIRST,
  told: null, // the last event
  isStale: true, // whether all is to be fetched anew
  isConnected: true,
  failure: "",
  world: null,
  health: null,
  words: "",
  company: "",
  threadsShown: STEP,
  messagesShown: STEP,
};
let nodes = { threads: new Map(), messages: new Map(), main: "", open: null };

// --- Tools

const at = (id) => document.getElementById(id);
const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value));
const many = (number, one, more = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : more}`;
const inShell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const fields = (record) => (isObject(record.body) ? record.body : {});
const joined = (...parts) => parts.filter((part) => part != null && part !== "").map(plain).join(" · ");
const shortened = (text) =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${many(text.length, "character")} in all)`;

/** An element; strings among its children become text, null and false are left out. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** Text that a person wrote, in whatever direction. */
const said = (tag, text, kind = "") => h(tag, { dir: "auto", class: kind }, text);
const note = (...children) => h("p", { class: "note" }, ...children);

/** Make these the children, and move as few as can be: one that moves loses the focus. */
function place(parent, wanted) {
  const kept = new Set(wanted);
  const focused = document.activeElement;
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  wanted.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  if (focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}

const shows = new WeakMap();

/** Replace the children where what they show is another. */
function show(parent, what, make) {
  const key = JSON.stringify(what);
  if (shows.get(parent) === key) return;
  shows.set(parent, key);
  parent.replaceChildren(...make());
}

async function get(path, query = {}) {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, { cache: "no-store" });
  const value = await response.json();
  if (!response.ok) throw new Error(value.details ?? response.statusText);
  return value;
}

function moment(iso) {
  const time = new Date(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { month: "short", day: "numeric" };
  const shown = time.toLocaleString("en-GB", { ...day, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return h("time", { datetime: iso, title: time.toLocaleString("en-GB") }, shown);
}

function copyButton(text, what) {
  const button = h("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
  button.addEventListener("click", async () => {
    at("news").textContent = button.textContent = (await copied(text)) ? "Copied" : "Not allowed";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  return button;
}

async function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const area = h("textarea", { class: "unseen" }, text); // no clipboard over plain HTTP from another machine
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}

function block(title, text, what) {
  const head = h("div", { class: "row" }, h("h3", {}, title), copyButton(text, what));
  return h("section", { class: "block" }, head, h("pre", { tabindex: 0, role: "group", "aria-label": title }, text));
}

// --- What the world says

const companyOf = (id) => state.world.companies.find((each) => each.id === id);
const companyName = (id) => (id === null ? "unknown API key" : companyOf(id)?.name || id);

/** A thing by its identifier: of one company, or of any where the API key was unknown. */
function known(kind, id, company) {
  const companies = company === null ? state.world.companies : [companyOf(company)];
  return companies.map((each) => each?.[kind].find((thing) => thing.id === id)).find(Boolean);
}

function contactName({ contact, company }) {
  return contact ? known("contacts", contact, company)?.name || contact : "No contact";
}

function senderName({ sender, company }) {
  if (!sender) return "No sender";
  const thing = known(`${sender.kind}s`, sender.id, company);
  if (!thing) return `Unknown ${sender.kind}`;
  if (sender.kind === "channel") return joined(thing.name || thing.id, TYPES[thing.type] ?? thing.type);
  if (sender.kind === "user") return joined(thing.name || thing.id, "personal WhatsApp");
  return joined(known("users", thing.user, company)?.name || thing.user, "personal WhatsApp Business");
}

/** Why a message was not taken, and the rule that it breaks: the document's, the platform's, or the world's. */
function reason({ answer, why, rule, fault, contact, sender, company }) {
  const told = why || (isObject(answer) ? [answer.error, answer.details].filter(Boolean).map(plain).join(": ") : "");
  const named = [["contact", contact], [sender?.kind, sender?.id]];
  const provoking = named.find(([kind, id]) => kind && known(`${kind}s`, id, company)?.answers);
  return [told, rule || (provoking && !fault ? `the world's answers of this ${provoking[0]}` : "")];
}

// --- Where one is

const encoded = (part) => encodeURIComponent((part ?? "").replace(/\p{Surrogate}/gu, "\ufffd"));
const hashOf = (record) => `#/message/${record.id}`;

function threadOf({ company, contact, sender }) {
  return `#/thread/${[company, contact, sender?.kind, sender?.id].map(encoded).join("/")}`;
}

/** What the address names: a thread, and an open message in it. */
function named() {
  const { hash } = location;
  const number = Number(/^#\/message\/(\d+)$/.exec(hash)?.[1]);
  if (!number) return { thread: hash.startsWith("#/thread/") ? hash : "", isGuide: hash === "#/ids" };
  return { thread: state.records.find((each) => each.id === number)?.thread ?? "missing", message: number };
}

// --- The list of threads

const outcome = (record) => h("span", { class: `outcome ${record.outcome}` }, record.outcome);
const disagreements = (records) => records.reduce((sum, record) => sum + record.discrepancies.length, 0);

function snippet(record) {
  if (!isObject(record.body)) return record.request.body.slice(0, 200) || "Empty body";
  const { text, caption, template, mediaType } = fields(record);
  const shown = text ?? caption ?? (template == null ? mediaType : `Template ${plain(template)}`);
  return shown == null ? "No text, media or template" : plain(shown).slice(0, 200);
}

function threadNode(key, records, isOpen) {
  const [newest] = records;
  const node = nodes.threads.get(key) ?? h("li", {}, h("a", { href: key }));
  if (isOpen) node.firstChild.setAttribute("aria-current", "true");
  else node.firstChild.removeAttribute("aria-current");
  const sum = disagreements(records);
  show(node.firstChild, [newest.key, sum], () => [
    h("span", { class: "row" }, said("strong", contactName(newest)), moment(newest.time)),
    said("span", joined(senderName(newest), newest.company === null && "unknown API key" || ""), "via"),
    h("span", { class: "row" }, said("span", snippet(newest), "snippet"), outcome(newest)),
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

// --- A message

function messageNode(record, isOpen) {
  const node = nodes.messages.get(record.key) ?? makeMessage(record);
  const link = node.querySelector(".toggle");
  if (isOpen === (link.getAttribute("aria-expanded") === "true")) return node;
  link.setAttribute("aria-expanded", isOpen);
  link.setAttribute("href", isOpen ? record.thread : hashOf(record));
  link.textContent = isOpen ? "Hide details" : "Details";
  if (isOpen) node.append(details(record));
  else node.lastChild.remove();
  return node;
}

function makeMessage(record) {
  const { medium, localId } = fields(record);
  const [why, rule] = ["sent", "queued", "answered"].includes(record.outcome) ? ["", ""] : reason(record);
  const more = [record.status, TYPES[medium] ?? medium, localId == null ? null : `localId ${plain(localId)}`];
  const facts = more.filter((fact) => fact != null).map((fact) => said("span", shortened(plain(fact))));
  const toggle = h("a", { class: "toggle", href: hashOf(record), "aria-expanded": false }, "Details");
  const fault = FAULTS[record.fault] ?? "as planned";
  return h(
    "li",
    { class: `message ${record.outcome}` },
    h("div", { class: "bubble" }, content(record)),
    h("p", { class: "meta" }, moment(record.time), outcome(record), facts, toggle),
    why && said("p", why, "why"),
    rule && h("p", { class: "rule" }, "Rule: ", h("code", {}, rule)),
    record.fault && h("p", { class: "fault" }, "Injected fault ", h("code", {}, record.fault), `: ${fault}.`),
    record.discrepancies.length > 0 && discrepancies(record),
  );
}

function discrepancies(record) {
  const found = record.discrepancies.map((each) => said("li", each));
  return h("div", { class: "discrepancies" }, "The server and the document disagree:", h("ul", {}, found));
}

/** What the contact would see. */
function content(record) {
  const { text, caption, template, mediaType, mediaUrl, replyMessage } = fields(record);
  const raw = record.request.body;
  if (!isObject(record.body) && !raw) return [note("The body is empty.")];
  if (!isObject(record.body)) return [note("The body is no JSON object:"), said("p", shortened(raw), "text raw")];
  const parts = [
    replyMessage != null && quote(plain(replyMessage), record),
    template != null && templateOf(plain(template), record),
    (mediaType ?? mediaUrl) != null && media(fields(record)),
    ...[caption, text].map((each) => each != null && said("p", shortened(plain(each)), "text")),
  ].filter(Boolean);
  return parts.length ? parts : [note("No text, media or template.")];
}

function templateOf(id, record) {
  const found = known("templates", id, record.company);
  const text = found ? said("p", found.text, "text") : note("The world has no such template.");
  return h("div", {}, said("p", `Template ${shortened(id)}`, "note"), text);
}

/** A link to the media, which are never loaded. */
function media({ mediaType, mediaUrl, mimetype, fileName }) {
  const url = plain(mediaUrl ?? "no mediaUrl");
  const isLink = URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
  const name = said(isLink ? "a" : "span", shortened(plain(fileName ?? url)));
  if (isLink) Object.assign(name, { href: url, target: "_blank", rel: "noreferrer noopener" });
  const where = fileName == null ? "" : isLink ? new URL(url).host : url;
  const about = joined(mediaType, mimetype, where, isLink ? "" : "no web address, so no link");
  return h("div", { class: "media" }, name, said("p", shortened(about), "note"));
}

/** The message that another replies to: of the world, or an earlier one by its interaction. */
function quote(id, record) {
  const ofWorld = known("messages", id, record.company)?.text;
  const node = said("blockquote", shortened(ofWorld ?? `In reply to ${id}`));
  const isIt = (each) => each.interaction === id && each.company === record.company;
  const link = (found) => found && node.replaceChildren(h("a", { href: hashOf(found) }, snippet(found)));
  const loaded = state.records.find(isIt);
  if (ofWorld != null || record.company === null) return node;
  if (loaded) link(loaded);
  else query({ interaction: id, limit: 1 }).then(({ messages }) => link(messages.find(isIt)), () => {});
  return node;
}

function details(record) {
  const { method, url, headers, body } = record.request;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const answer = typeof record.answer === "string" ? record.answer : JSON.stringify(record.answer, null, 2);
  const facts = [["Message", record.id], ["Time", record.time], ["Company", companyName(record.company)]];
  if (record.interaction) facts.push(["Interaction", record.interaction]);
  const title = ["drop", "half", "malformed_json"].includes(record.fault) ? "Answer, but for the fault" : "Answer";
  return h(
    "div",
    { class: "details" },
    h("dl", {}, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    block("Request, without its key", [`${method} ${url}`, ...lines, "", body].join("\n"), "the request"),
    record.status && block(`${title} ${record.status}`, answer, "the answer"),
    block("Send it again", record.curl, "the curl command"),
    note("The key, never shown here, is taken from ", h("code", {}, "VENTIA_API_KEY"), "."),
  );
}

// --- The guide: a first message, and what provokes each answer

function firstCurl(company) {
  const isUsual = (each) => !each.answers && !each.queues;
  const contact = company.contacts.find((each) => each.id === "string") ?? company.contacts.find(isUsual);
  const channel = company.channels.find(isUsual);
  if (!contact || !channel) return "";
  const { companies, base_path: base, api_key: key } = state.world;
  const url = `${location.origin}${base}/contact/${encodeURIComponent(contact.id)}/message?api-key=`;
  const body = JSON.stringify({ channelId: channel.id, text: "Hello from curl" });
  const given = company === companies[0] ? key : "$VENTIA_API_KEY";
  return `curl ${inShell(url)}"${given}" \\\n  -H 'Content-Type: application/json' \\\n  --data-raw ${inShell(body)}`;
}

/** What of a company is not answered as usual, by the name of the answer. */
function provoking({ contacts, channels, templates, users, integrations }) {
  const found = new Map(state.world.answers.map(({ name }) => [name, []]));
  const add = (answer, id, ...what) => found.set(answer, [...(found.get(answer) ?? []), { id, what: joined(...what) }]);
  for (const each of contacts) if (each.answers) add(each.answers, each.id, "Contact", each.name);
  for (const each of channels) {
    if (each.answers) add(each.answers, each.id, "Channel", each.name);
    else if (each.queues) add("messageQueued", each.id, "Channel", each.name);
  }
  for (const each of templates) if (!each.approved) add("invalidRequestBody", each.id, "Template", "not approved");
  for (const each of users) {
    const session = each.session === "none" ? "no session" : `session ${each.session}`;
    const why = `${session}, for the medium unofficial_wpp`;
    if (each.session !== "online") add("sessionNotOnline", each.id, "User", each.name, why);
  }
  for (const { id, user, active } of integrations) {
    const owner = users.find((each) => each.id === user)?.name ?? user;
    if (!active) add("noActiveIntegration", id, "Integration", owner, "inactive");
  }
  return [...found].filter(([, things]) => things.length);
}

function provokingList([answer, things]) {
  const status = state.world.answers.find(({ name }) => name === answer)?.status ?? "";
  const rows = things.map(({ id, what }) =>
    h("li", {}, said("span", what, "what"), h("code", {}, id), copyButton(id, `the id of ${what}`)),
  );
  return h("section", { class: "provoking" }, h("h3", {}, `${status} `, h("code", {}, answer)), h("ul", {}, rows));
}

function guide(isEmpty) {
  const { world, company, health } = state;
  const companies = company ? world.companies.filter((each) => each.id === company) : world.companies;
  if (!companies.length) return message("No such company", `The world has no company ${company} now.`);
  const [curl, lists] = [firstCurl(companies[0]), companies.filter((each) => provoking(each).length)];
  const isKept = "Nothing reaches a contact: the stand-in answers as the platform does, and keeps the message here.";
  const address = h("code", {}, location.origin + world.base_path);
  return h(
    "div",
    { class: "guide" },
    h("h2", { tabindex: -1 }, isEmpty ? "No messages yet" : "Send a message"),
    h("p", {}, "Let your application call ", address, ", or paste this into a shell. ", !health.upstream && isKept),
    curl ? block("curl", curl, "the curl command") : note("The world has no usual contact or channel to send to."),
    curl.includes("$") && note("It takes a key of the company from ", h("code", {}, "VENTIA_API_KEY"), "."),
    lists.map((each) => [
      h("h2", {}, lists.length > 1 ? `Ids to try: ${each.name || each.id}` : "Ids to try"),
      h("p", {}, "A valid message to or through one of these is answered so."),
      provoking(each).map(provokingList),
    ]),
  );
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
  at("nothing").textContent = state.words ? `No message has “${state.words}”.` : "No messages yet.";
  renderMain(here, threads.get(here.thread), isEmpty);
  document.body.dataset.view = here.thread || here.isGuide || isEmpty ? "main" : "threads";
}

function renderBanners() {
  const { health, isConnected, failure } = state;
  const bad = [
    !isConnected && "The connection to the stand-in is lost. Trying again…",
    failure && `The messages cannot be shown: ${failure}`,
    health?.trouble && `A changed file is not valid; what was served before still is. ${health.trouble}`,
  ].filter(Boolean);
  const to = health?.upstream;
  show(at("banners"), [bad, to], () => [
    ...bad.map((text) => h("p", { class: "banner bad" }, text)),
    ...(to ? [h("p", { class: "banner" }, `Valid messages are passed on to ${to}, and really sent.`)] : []),
  ]);
}

function renderHead() {
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
}

function renderMain(here, records, isEmpty) {
  if (here.thread && !records && seekOlder()) return;
  const what = records ? here.thread : here.thread ? [location.hash, state.words] : [isEmpty, state.company];
  show(at("main"), [what, state.world], () => {
    Object.assign(nodes, { messages: new Map(), open: null });
    state.messagesShown = STEP;
    const lost = state.words ? `None of this has “${state.words}”.` : "What this address names is not kept.";
    return [records ? conversation(records[0]) : here.thread ? message("No messages", lost) : guide(isEmpty)];
  });
  if (!records) return;
  const open = records.findIndex((record) => record.id === here.message);
  if (open < state.messagesShown + STEP) state.messagesShown = Math.max(state.messagesShown, open + 1);
  const from = open < state.messagesShown ? 0 : open; // one far below the newest is shown without all that is between
  const shown = records.slice(from, from + state.messagesShown);
  nodes.messages = new Map(shown.map((record, index) => [record.key, messageNode(record, from + index === open)]));
  place(at("main").querySelector("ol"), [...nodes.messages.values()]);
  at("main").querySelector(".newer").hidden = from === 0;
  const isLast = from + shown.length >= records.length && state.records.length >= state.total;
  at("main").querySelector(".older").hidden = isLast;
  const isOpened = open >= 0 && nodes.open !== here.message;
  nodes.open = here.message;
  if (isOpened) nodes.messages.get(records[open].key).scrollIntoView({ block: "nearest" });
}

const back = () => h("a", { class: "back", href: "#/" }, "← All threads");
const message = (title, text) =>
  h("div", { class: "guide" }, back(), h("h2", { tabindex: -1 }, title), h("p", {}, text));

function conversation(record) {
  const { contact, sender, company } = record;
  const isOfMany = state.world.companies.length > 1 || company === null;
  const older = h("button", { type: "button", class: "older" }, "Show older");
  older.addEventListener("click", () => showOlder("messagesShown"));
  return h(
    "div",
    { class: "conversation" },
    back(),
    h("h2", { tabindex: -1, dir: "auto" }, contactName(record)),
    said("p", joined(senderName(record), isOfMany ? companyName(company) : ""), "via"),
    note("To ", h("code", {}, contact || "nobody"), sender && " through ", sender && h("code", {}, sender.id)),
    h("a", { class: "newer", href: record.thread }, "Show newer"),
    h("ol", { "aria-label": "Messages, newest first" }),
    older,
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

function query(more) {
  const [words, company] = [state.words && { q: state.words }, state.company && { company: state.company }];
  return get("/_mock/messages", { outcome: "any", ...(more.interaction ? {} : words), ...company, ...more });
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
  if (count > messages.length) reload();
  if (state.isStale) return;
  state.records = [...messages.map(kept), ...state.records].slice(0, journal.kept);
  state.total = Math.min(state.total + count, journal.kept);
  state.seen = Math.max(state.seen, newest, messages[0]?.id ?? 0);
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

const lookAgain = () => !document.hidden && state.isConnected && lookAround().catch(() => {});

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

function go() {
  const company = new URLSearchParams(location.search).get("company") ?? "";
  const before = shows.get(at("main"));
  if (company !== state.company) {
    Object.assign(state, { company, limit: FIRST });
    reload();
  }
  render();
  if (shows.get(at("main")) !== before) at("main").querySelector("h2")?.focus();
}

let typing;
at("search").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    Object.assign(state, { words: at("search").value.trim(), limit: FIRST, threadsShown: STEP });
    reload();
  }, 150);
});
at("company").addEventListener("change", () => {
  const { value } = at("company");
  history.pushState(null, "", value ? `/?${new URLSearchParams({ company: value })}` : "/");
  go();
});
at("older").addEventListener("click", () => showOlder("threadsShown"));
addEventListener("hashchange", go);
addEventListener("popstate", go);
document.addEventListener("visibilitychange", listen);
setInterval(lookAgain, POLL);
state.company = new URLSearchParams(location.search).get("company") ?? "";
listen();
