// The guide: a first message, and what provokes each answer.

import { block, copyButton, h, inShell, joined, note, notice, said } from "./dom.js";
import { TYPES, state } from "./state.js";

const isUsual = (each) => !each.answers && !each.queues;

function firstCurl(company) {
  const contact = company.contacts.find((each) => each.id === "string") ?? company.contacts.find(isUsual);
  const channel = company.channels.find(isUsual);
  if (!contact || !channel) return "";
  const { companies, base_path: base, api_key: key } = state.world;
  const url = `${location.origin}${base}/contact/${encodeURIComponent(contact.id)}/message?api-key=`;
  const body = JSON.stringify({ channelId: channel.id, text: "Hello from curl" });
  const given = company === companies[0] ? key : "$VENTIA_API_KEY";
  return `curl ${inShell(url)}"${given}" \\\n  -H 'Content-Type: application/json' \\\n  --data-raw ${inShell(body)}`;
}

/** The things of a company by the name of the answer that they lead to, the usual ones first. */
function byAnswer({ contacts, channels, templates, users, integrations }) {
  const found = new Map(state.world.answers.map(({ name }) => [name, []]));
  const add = (answer, id, ...what) => found.set(answer, [...(found.get(answer) ?? []), { id, what: joined(...what) }]);
  const usual = state.world.answers.find(({ status }) => status < 300)?.name;
  const nameOf = (user) => users.find((each) => each.id === user)?.name ?? user;
  const typeOf = ({ type }) => TYPES.get(type) ?? type;
  const online = users.filter(({ session }) => session === "online");
  const active = integrations.filter((each) => each.active);
  for (const each of contacts.filter(isUsual)) add(usual, each.id, "Contact", each.name);
  for (const each of channels.filter(isUsual)) add(usual, each.id, "Channel", each.name, typeOf(each));
  for (const each of online) add(usual, each.id, "User", each.name, "session online, for the medium unofficial_wpp");
  for (const { id, user } of active) add(usual, id, "Integration", nameOf(user), "active");
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
  for (const { id, user } of integrations.filter((each) => !each.active)) {
    add("noActiveIntegration", id, "Integration", nameOf(user), "inactive");
  }
  return [...found].filter(([, things]) => things.length);
}

function answerList([answer, things]) {
  const status = state.world.answers.find(({ name }) => name === answer)?.status ?? "";
  const rows = things.map(({ id, what }) =>
    h("li", {}, said("span", what, "what"), h("code", {}, id), copyButton(id, `the id of ${what}`)),
  );
  return h("section", { class: "provoking" }, h("h3", {}, `${status} `, h("code", {}, answer)), h("ul", {}, rows));
}

export function guide(isEmpty) {
  const { world, company, health } = state;
  const address = h("code", {}, location.origin + world.base_path);
  const title = h("h2", { tabindex: -1 }, isEmpty ? "No messages yet" : "Send a message");
  if (health.upstream) {
    const option = h("code", {}, "--allow-contact");
    const passedOn = ["A valid message to a contact of ", option, " is passed on, any other refused."];
    return h("div", { class: "guide" }, title, h("p", {}, "Let your application call ", address, ". ", passedOn));
  }
  const companies = company ? world.companies.filter((each) => each.id === company) : world.companies;
  if (!companies.length) return notice("No such company", `The world has no company ${company} now.`);
  const [curl, lists] = [firstCurl(companies[0]), companies.filter((each) => byAnswer(each).length)];
  const isKept = "Nothing reaches a contact: the stand-in answers as the platform does, and keeps the message here.";
  return h(
    "div",
    { class: "guide" },
    title,
    h("p", {}, "Let your application call ", address, curl && ", or paste this into a shell", ". ", isKept),
    curl ? block("curl", curl, "the curl command") : note("The world has no usual contact or channel to send to."),
    curl.includes("$") && note("It takes a key of the company from ", h("code", {}, "VENTIA_API_KEY"), "."),
    lists.map((each) => [
      h("h2", {}, lists.length > 1 ? `Ids to try: ${each.name || each.id}` : "Ids to try"),
      h("p", {}, "A valid message to or through one of these gets the answer that it is listed under, ",
        "unless another leads elsewhere."),
      byAnswer(each).map(answerList),
    ]),
  );
}

