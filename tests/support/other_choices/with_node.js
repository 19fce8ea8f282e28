// The endpoint with node's own http, in the way of Express: `node with_node.js KEY`, prints its port.
//
// It refuses what is too large, in another type, or wanted in another type, by the status of HTTP; takes names of fields
// in any case, short ObjectIds and whatever `new URL` takes; answers 201; and says what is wrong in words of its own.
"use strict";
const http = require("http");
const crypto = require("crypto");

const KEY = process.argv[2];
const CHANNELS = {
  "656b0e1f8e5a2c001f3a9d12": "whatsapp_business",
  "656b0e1f8e5a2c001f3a9d13": "whatsapp_business",
  "656b0e1f8e5a2c001f3a9d14": "unofficial_wpp",
  "656b0e1f8e5a2c001f3a9d15": "fb",
  "656b0e1f8e5a2c001f3a9d16": "ig",
};
const FIELDS = ["channelId", "userId", "userIntegrationId", "medium", "text", "mediaType", "mediaUrl", "mimetype",
  "fileName", "caption", "template", "replyMessage", "localId"];
const isObjectId = (text) => text.length === 12 || /^[0-9a-fA-F]{24}$/.test(text);
const isUrl = (text) => { try { new URL(text); return true; } catch { return false; } };

function refuse(status, error, details) {
  return [status, { success: false, error, ...(details ? { details } : {}) }];
}
const invalid = (details) => refuse(403, "Invalid request body", details);

function named(value) {
  const message = {};
  for (const [name, each] of Object.entries(value)) {
    const field = FIELDS.find((known) => known.toLowerCase() === name.toLowerCase());
    if (field) message[field] = each;
  }
  return message;
}

function problem(message) {
  for (const [name, value] of Object.entries(message)) {
    if (typeof value !== "string") return `${name}: not a string, but ${JSON.stringify(value)}`;
  }
  const has = (name) => message[name] !== undefined;
  const senders = ["channelId", "userId", "userIntegrationId"].filter(has);
  if (senders.length !== 1) return "One sender, please";
  if (!isObjectId(message[senders[0]])) return `${message[senders[0]]} is not an id`;
  if (has("userId") !== has("medium")) return "A user and a medium go together";
  if (has("medium") && !["unofficial_wpp", "whatsapp_business"].includes(message.medium)) return "Unknown medium";
  if (has("mediaType") && !["image", "audio", "video", "file"].includes(message.mediaType)) return "Unknown media";
  if (has("mediaUrl") !== has("mediaType")) return "Media need a type and a URL";
  if (has("mediaUrl") && !isUrl(message.mediaUrl)) return "Not a URL";
  if ((has("caption") || has("fileName") || has("mimetype")) && !has("mediaUrl")) return "No media";
  if (!message.text && !has("mediaType") && !has("template")) return "Nothing to say";
  if (has("template") && (has("mediaType") || has("text") || message.medium === "unofficial_wpp")) return "Not with a template";
  return "";
}

function send(contact, message) {
  const channel = (message.channelId || "").toLowerCase();
  if (channel && !CHANNELS[channel]) return refuse(404, "Unknown channel");
  if (message.template !== undefined && channel && CHANNELS[channel] !== "whatsapp_business") {
    return refuse(422, "Wrong channel for a template");
  }
  if (message.template !== undefined && message.template !== "order_confirmation") return invalid("Unknown template");
  if (message.userId && message.userId.toLowerCase() !== "64f1c2a97b3e4d0012ab34cd") {
    if (message.medium === "unofficial_wpp") return refuse(423, "Personal WhatsApp session is not online");
    return refuse(400, "User has no active personal WhatsApp Business integration");
  }
  const integration = (message.userIntegrationId || "65a0d4e2c9f8b7001e6f5a43").toLowerCase();
  if (integration !== "65a0d4e2c9f8b7001e6f5a43") {
    return refuse(400, "User has no active personal WhatsApp Business integration");
  }
  if (message.replyMessage !== undefined && message.replyMessage !== "wamid.HBgLNTUxMTk4NzY1NDMyMQ") return invalid("Unknown reply");
  if (channel === "656b0e1f8e5a2c001f3a9d13") return [202, { success: true, queued: true }];
  return [201, { success: true, interactionId: crypto.randomBytes(12).toString("hex") }];
}

function answer(request, body) {
  const url = new URL(request.url, "http://localhost");
  const match = /^\/api\/v1\.0\/contact\/([^/]+)\/message$/.exec(url.pathname);
  if (!match || request.method !== "POST") return [404, null];
  if (url.searchParams.get("api-key") !== KEY) return refuse(401, "Invalid API KEY Group");
  const accept = request.headers.accept || "*/*";
  if (!/\*\/\*|application\/(\*|json)/i.test(accept)) return [406, null];
  const type = request.headers["content-type"] || "";
  if (body.length > 100 * 1024) return [413, null];
  if (body.length && !/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)) return [415, null];
  const charset = /charset\s*=\s*"?([^\s";]*)/i.exec(type);
  if (charset && !/^utf-?8$/i.test(charset[1])) return [415, null];
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return invalid("Not JSON");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return invalid("Not an object");
  const message = named(value), wrong = problem(message);
  if (wrong) return invalid(wrong);
  const contact = decodeURIComponent(match[1]);
  if (!isObjectId(contact) && contact !== "string") return refuse(400, "Malformed contact");
  return send(contact, message);
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const [status, value] = answer(request, Buffer.concat(parts));
    const body = value === null ? `<pre>${http.STATUS_CODES[status]}</pre>` : JSON.stringify(value);
    response.writeHead(status, { "Content-Type": value === null ? "text/html; charset=utf-8" : "application/json; charset=utf-8" });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
