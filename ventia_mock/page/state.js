// The state of the page, the names of things in the world, and addresses.

import { h, isObject, joined, plain } from "./dom.js";

export const FIRST = 200; // messages fetched at first
export const STEP = 50; // threads, and messages of a thread, shown at first

// Maps, since a message can name anything: an object also has what its prototype has, `constructor` say.
export const TYPES = new Map(
  Object.entries({ whatsapp_business: "WhatsApp Business", unofficial_wpp: "WhatsApp", fb: "Facebook", ig: "Instagram" }),
);
const MEANINGS = new Map(
  Object.entries({
    sent: "delivered",
    queued: "taken, and to be delivered later",
    answered: "no message",
    refused: "not sent, and the caller knows it",
    failed: "not sent, but the caller cannot know it",
    unknown: "perhaps sent: look at the platform",
  }),
);

export const state = {
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
  outcome: "",
  unseen: 0, // messages that came while nobody looked
  company: "",
  threadsShown: STEP,
  messagesShown: STEP,
};

export const companyOf = (id) => state.world.companies.find((each) => each.id === id);
export const companyName = (id) => (id === null ? "unknown API key" : companyOf(id)?.name || id);

/** A thing by its identifier: of one company, or of any where the API key was unknown. */
export function known(kind, id, company) {
  const companies = company === null ? state.world.companies : [companyOf(company)];
  return companies.map((each) => each?.[kind].find((thing) => thing.id === id)).find(Boolean);
}

export function contactName({ contact, company }) {
  return contact ? known("contacts", contact, company)?.name || contact : "No contact";
}

export function senderName({ sender, company }) {
  if (!sender) return "No sender";
  const thing = known(`${sender.kind}s`, sender.id, company);
  if (!thing) return `Unknown ${sender.kind}`;
  if (sender.kind === "channel") return joined(thing.name || thing.id, TYPES.get(thing.type) ?? thing.type);
  if (sender.kind === "user") return joined(thing.name || thing.id, "personal WhatsApp");
  return joined(known("users", thing.user, company)?.name || thing.user, "personal WhatsApp Business");
}

const UNSENT = /^(upstream: cannot be reached|not processed, as planned)/;

/** The outcome in a word: whether a server that failed behind this proxy has sent the message is unknown. */
export const outcomeOf = ({ outcome, why }) =>
  outcome === "failed" && state.health?.upstream && !UNSENT.test(why) ? "unknown" : outcome;
export const meaningOf = (record) => MEANINGS.get(outcomeOf(record)) ?? "";
export const outcome = (record) =>
  h("span", { class: `outcome ${outcomeOf(record)}`, title: meaningOf(record) }, outcomeOf(record));

export const fields = (record) => (isObject(record.body) ? record.body : {});

export function snippet(record) {
  if (!isObject(record.body)) return record.request.body.slice(0, 200) || "Empty body";
  const { text, caption, template, mediaType } = fields(record);
  const shown = text ?? caption ?? (template == null ? mediaType : `Template ${plain(template)}`);
  return shown == null ? "No text, media or template" : plain(shown).slice(0, 200);
}

/** Why a message was not taken, and the rule that it breaks: the document's, the platform's, or the world's. */
export function reason({ answer, why, rule, fault, contact, sender, company }) {
  const told = why || (isObject(answer) ? [answer.error, answer.details].filter(Boolean).map(plain).join(": ") : "");
  const named = [["contact", contact], [sender?.kind, sender?.id]];
  const provoking = named.find(([kind, id]) => kind && known(`${kind}s`, id, company)?.answers);
  return [told, rule || (provoking && !fault ? `the world's answers of this ${provoking[0]}` : "")];
}

const encoded = (part) => encodeURIComponent((part ?? "").replace(/\p{Surrogate}/gu, "\ufffd"));
export const hashOf = (record) => `#/message/${record.id}`;

export function threadOf({ company, contact, sender }) {
  return `#/thread/${[company, contact, sender?.kind, sender?.id].map(encoded).join("/")}`;
}

/** What the address names: a thread, and an open message in it. */
export function named() {
  const { hash } = location;
  const number = Number(/^#\/message\/(\d+)$/.exec(hash)?.[1]);
  if (!number) return { thread: hash.startsWith("#/thread/") ? hash : "", isGuide: hash === "#/ids" };
  return { thread: state.records.find((each) => each.id === number)?.thread ?? "missing", message: number };
}

// --- Requests

async function request(method, path, query) {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, { method, cache: "no-store" });
  const value = await response.json();
  if (!response.ok) throw new Error(value.details ?? response.statusText);
  return value;
}

export const get = (path, query = {}) => request("GET", path, query);

/** The choice of messages that the search, the outcome and the company make. */
function choice() {
  const { words, outcome, company } = state;
  return { ...(words && { q: words }), ...(outcome && { outcome }), ...(company && { company }) };
}

export const isChosen = () => Object.keys(choice()).length > 0;
export const query = (more) => get("/_mock/messages", { outcome: "any", ...choice(), ...more });
export const clear = () => request("DELETE", "/_mock/messages", choice());

/** The message that became an interaction, of the newest. */
export function ofInteraction(interaction) {
  return get("/_mock/messages", { interaction, outcome: "any", limit: 1 }).then(({ messages }) => messages);
}
