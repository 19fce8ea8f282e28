// Elements of the page: whatever a message says becomes text, never HTML.

export const at = (id) => document.getElementById(id);
export const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value));
export const many = (number, one, more = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : more}`;
export const inShell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
export const joined = (...parts) => parts.filter((part) => part != null && part !== "").map(plain).join(" · ");
const LONGEST = 5000; // characters of a text in a bubble; the raw request has all
const FOLDED = 600; // characters, and lines, above which a text is folded
const FOLDED_LINES = 12;

export const shortened = (text) =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${many(text.length, "character")} in all)`;

/** An element; strings among its children become text, null and false are left out. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** Text that a person wrote, in whatever direction. */
export const said = (tag, text, kind = "") => h(tag, { dir: "auto", class: kind }, text);
export const note = (...children) => h("p", { class: "note" }, ...children);

export const back = () => h("a", { class: "back", href: "#/" }, "← All threads");
export const notice = (title, text) =>
  h("div", { class: "guide" }, back(), h("h2", { tabindex: -1 }, title), h("p", {}, text));

/** Make these the children, and move as few as can be: one that moves loses the focus. */
export function place(parent, wanted) {
  const kept = new Set(wanted);
  const focused = document.activeElement;
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  wanted.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  if (focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true });
}

export const shows = new WeakMap(); // what an element shows

/** Replace the children where what they show is another. */
export function show(parent, what, make) {
  const key = JSON.stringify(what);
  if (shows.get(parent) === key) return;
  shows.set(parent, key);
  parent.replaceChildren(...make());
}

export function moment(iso) {
  const time = new Date(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { month: "short", day: "numeric" };
  const shown = time.toLocaleString("en-GB", { ...day, hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return h("time", { datetime: iso, title: time.toLocaleString("en-GB") }, shown);
}

export function copyButton(text, what) {
  const button = h("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
  button.addEventListener("click", async () => {
    at("news").textContent = button.textContent = (await copied(text)) ? "Copied" : "Not allowed";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  return button;
}

export async function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const area = h("textarea", { class: "unseen" }, text); // no clipboard over plain HTTP from another machine
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}

export function block(title, text, what) {
  const head = h("div", { class: "row" }, h("h3", {}, title), copyButton(text, what));
  return h("section", { class: "block" }, head, h("pre", { tabindex: 0, role: "group", "aria-label": title }, text));
}


/** A long text, of which the rest is shown by a button. */
export function folded(text, kind) {
  const paragraph = said("p", shortened(text), kind);
  if (text.length <= FOLDED && text.split("\n").length <= FOLDED_LINES) return paragraph;
  paragraph.classList.add("folded");
  const button = h("button", { type: "button", class: "unfold", "aria-expanded": false }, "Show all");
  button.addEventListener("click", () => {
    const isFolded = paragraph.classList.toggle("folded");
    button.textContent = isFolded ? "Show all" : "Show less";
    button.setAttribute("aria-expanded", !isFolded);
  });
  return [paragraph, button];
}

const ICONS = new Map([
  ["image", "M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.5 9h.01"],
  ["video", "M3 6h12v12H3z M15 11l6-4v10l-6-4"],
  ["audio", "M9 18V6l10-2v12 M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z M19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z"],
  ["file", "M6 3h8l4 4v14H6z M14 3v4h4 M9 12h6 M9 16h6"],
]);
const CLIP = "M8 12l6-6a3 3 0 0 1 4 4l-8 8a5 5 0 0 1-7-7l8-8";
const SVG = "http://www.w3.org/2000/svg";

/** The icon of a media type. */
export function icon(mediaType) {
  const [image, path] = [document.createElementNS(SVG, "svg"), document.createElementNS(SVG, "path")];
  const attributes = { viewBox: "0 0 24 24", class: "icon", "aria-hidden": true, focusable: false };
  for (const [name, value] of Object.entries(attributes)) image.setAttribute(name, value);
  path.setAttribute("d", ICONS.get(mediaType) ?? CLIP);
  image.append(path);
  return image;
}
