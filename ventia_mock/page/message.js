// A message, as its contact would see it, and its details.

import { block, folded, h, icon, isObject, joined, moment, note, plain, said, shortened } from "./dom.js";
import { TYPES, companyName, fields, hashOf, known, meaningOf, ofInteraction, outcome, outcomeOf } from "./state.js";
import { reason, snippet, state } from "./state.js";

const FAULTS = new Map(
  Object.entries({
    drop: "the connection was reset instead of an answer",
    half: "the connection was closed after half of the answer",
    html_502: "an HTML page with status 502 was answered",
    malformed_json: "the answer was cut, so it is no JSON",
    answer: "the answer was a planned one",
  }),
);

/** The node of a message, with its details if it is open. */
export function messageNode(record, isOpen, made) {
  const node = made ?? makeMessage(record);
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
  const more = [record.status, TYPES.get(medium) ?? medium, localId == null ? null : `localId ${plain(localId)}`];
  const facts = more.filter((fact) => fact != null).map((fact) => said("span", shortened(plain(fact))));
  const toggle = h("a", { class: "toggle", href: hashOf(record), "aria-expanded": false }, "Details");
  const fault = FAULTS.get(record.fault) ?? "as planned";
  return h(
    "li",
    { class: `message ${outcomeOf(record)}` },
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
  if (!isObject(record.body)) return [note("The body is no JSON object:"), folded(raw, "text raw")];
  const parts = [
    replyMessage != null && quote(plain(replyMessage), record),
    template != null && templateOf(plain(template), record),
    (mediaType ?? mediaUrl) != null && media(fields(record)),
    ...[caption, text].map((each) => each != null && folded(plain(each), "text")),
  ].filter(Boolean);
  return parts.length ? parts : [note("No text, media or template.")];
}

function templateOf(id, record) {
  const found = known("templates", id, record.company);
  const text = found ? folded(found.text, "text") : note("The world has no such template.");
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
  return h("div", { class: "media" }, icon(mediaType), h("div", {}, name, said("p", shortened(about), "note")));
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
  else ofInteraction(id).then((messages) => link(messages.find(isIt)), () => {});
  return node;
}

function details(record) {
  const { method, url, headers, body } = record.request;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const answer = typeof record.answer === "string" ? record.answer : JSON.stringify(record.answer, null, 2);
  const facts = [["Message", record.id], ["Outcome", joined(outcomeOf(record), meaningOf(record))]];
  facts.push(["Time", record.time], ["Company", companyName(record.company)]);
  if (record.interaction) facts.push(["Interaction", record.interaction]);
  const spoilt = ["drop", "half", "malformed_json"].includes(record.fault) ? ", before the fault" : "";
  return h(
    "div",
    { class: "details" },
    h("dl", {}, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    block("Request, without its key", [`${method} ${url}`, ...lines, "", body].join("\n"), "the request"),
    record.status && block(`Answer ${record.status}${spoilt}`, answer, "the answer"),
    block("Send it again", record.curl, "the curl command"),
    note("The key, never shown here, is taken from ", h("code", {}, "VENTIA_API_KEY"), "."),
  );
}

