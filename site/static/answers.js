// Answers as a reader should see them, as sister_pages/cells.py and table_page.py write them.

const SHORT = 12; // letters up to which a text stays on one line
const LONG = 60; // letters from which a cell is set wide
const ADDRESS = 48; // letters of an address that are shown
const ROOT = new URL("../", import.meta.url);

export const at = (path) => new URL(path, ROOT).href;
export const count = (number) => number.toLocaleString("en-US");
export const spoken = (day) => new Date(day).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
export let site;
export const described = async () => (site = await (await fetch(at("browser.json"), { cache: "no-cache" })).json());

export function made(tag, attributes, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

// A key in an address, as Datasette writes it.
export const tilde = (key) => encodeURIComponent(key)
  .replace(/[.!~*'()]/g, (sign) => `%${sign.charCodeAt().toString(16).toUpperCase()}`).replaceAll("%20", "+").replaceAll("%", "~");
export const untilde = (key) => decodeURIComponent(key.replaceAll("+", " ").replaceAll("~", "%"));

export const meant = (table, column) => site.columns[table][column];

const begun = (words) => words.slice(0, 1).toUpperCase() + words.slice(1);

// What to write over a column; of an answer, of which no table is said, with the columns beside it.
export function heading(table, column, beside = []) {
  const words = column.replaceAll("_", " ").replace(/\bus\b/g, "U.S.").replace(/\b(russia|ukrain|moscow|chicago)/g, begun);
  const other = column.replace(/_id$/, "");
  return (meant(table, column)?.heading ?? begun(words)) + (other !== column && beside.includes(other) ? " key" : "");
}

export function link(table, key) {
  const filter = new URLSearchParams({ [site.keys[table][0]]: key });
  return at(`${site.database}/${table}/${site.detailed.includes(table) ? `${tilde(key)}/` : `?${filter}`}`);
}

function shown(value, column, row, table) {
  const key = String(value);
  const other = column === "row_id" ? row.table_name : site.leads_to[column];
  const name = site.names[other]?.[key];
  if (name) return made("a", { href: link(other, key), title: key, class: name.length > LONG ? "long" : undefined }, name);
  if (column === "us_division" && site.states[key]) return made("a", { href: at(`state/${site.states[key]}/`) }, key);
  if (/^https?:\/\/[^\s/]+\S*$/.test(key)) {
    const bare = key.split("://")[1].replace(/^www\./, "").replace(/\/+$/, "");
    return made("a", { href: key, rel: "noopener nofollow", class: "outward" }, bare.length > ADDRESS ? `${bare.slice(0, ADDRESS - 1)}…` : bare);
  }
  const digits = { month: 7, year: 4 }[row[`${column}_precision`]];
  if (digits && typeof value === "string") return made("span", { class: "date" }, key.slice(0, digits));
  const known = meant(table, column);
  if (known?.type === "boolean") return value ? "yes" : "no";
  const [label, short] = known?.codes[key] ?? (column === "table_name" ? [site.titles[key], site.titles[key]] : []);
  if (label) return made("span", { class: "code", title: label, "data-value": key }, short);
  const counts = Number.isInteger(value) && !column.endsWith("_id") && (known ? known.type === "integer" : !column.includes("year"));
  return counts ? count(value) : key;
}

const isNumber = (value) => typeof value === "number";

function cell(value, column, row, table) {
  const size = typeof value === "string" ? value.length : 0;
  const style = isNumber(value) ? "number" : size > LONG ? "long" : size <= SHORT ? "short" : "";
  return made("td", { class: style }, value === null || value === "" ? "" : shown(value, column, row, table));
}

export const records = ({ columns, rows }) => rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));

// The rows; `table` is "" for those of a query.
export function tableOf(answer, table, title = (column) => heading(table, column, answer.columns)) {
  const style = (i) => (answer.rows.some((row) => isNumber(row[i])) ? "number" : undefined);
  const heads = answer.columns.map((column, i) => made("th", { scope: "col", class: style(i) }, title(column), " ", made("code", {}, column)));
  const lines = records(answer).map((row) => made("tr", {}, ...answer.columns.map((column) => cell(row[column], column, row, table))));
  const whole = made("table", { class: "data rows" }, made("thead", {}, made("tr", {}, ...heads)), made("tbody", {}, ...lines));
  return made("div", { class: "scroll", role: "group", "aria-label": "The answer", tabindex: 0 }, whole);
}

// Links that write the answer as files, which name what was asked and the day; `more` follows them.
export function filesOf({ columns, rows, truncated }, name, parameters, ...more) {
  const { database, version, as_of } = site;
  const quoted = (cell) => (/[",\r\n]/.test(cell ?? "") ? `"${String(cell).replaceAll('"', '""')}"` : cell ?? "");
  const csv = [columns, ...rows].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
  const content = { database, answers: { version, as_of, parameters }, columns, rows, truncated };
  const called = [name, ...Object.entries(parameters).filter(([, value]) => value).map((pair) => pair.join(" ")), as_of].join(", ");
  const file = (form, text) =>
    made("a", { download: `${called.slice(0, 150)}.${form.toLowerCase()}`, href: URL.createObjectURL(new Blob([text])) }, form);
  return made("p", { class: "after" }, "As data: ", file("CSV", csv), ", ", file("JSON", JSON.stringify(content)), ". ", ...more);
}
