// Answers as a reader should see them, as sister_pages/cells.py and tables.py write them.

const SHORT = 12; // letters up to which a text stays on one line
const LONG = 60; // letters from which a cell is set wide
const LABEL = 24; // letters; where a column has longer labels, its values are shown and the labels are their titles
const ADDRESS = 48; // letters of an address that are shown
const ROOT = new URL("../", import.meta.url);
const WORDS = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

export const at = (path) => new URL(path, ROOT).href;
export const count = (number) => number.toLocaleString("en-US");
export const spoken = (day) => WORDS.format(new Date(`${day}T00:00:00Z`));

export function made(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...inside.filter((part) => part !== undefined && part !== ""));
  return element;
}

export const notice = (text) => made("p", { class: "notice", role: "alert" }, text);

// A key in an address, as Datasette writes it.
export const tilde = (key) => encodeURIComponent(key).replace(/[.!~*'()]/g, (sign) => `%${sign.charCodeAt().toString(16).toUpperCase()}`)
  .replaceAll("%20", "+").replaceAll("%", "~");
export const untilde = (key) => decodeURIComponent(key.replaceAll("%", "%25").replaceAll("+", " ").replaceAll("~", "%"));

export class Answers {
  constructor(site) {
    this.site = site;
    this.agreed = {};
    for (const { columns } of Object.values(site.tables)) {
      for (const [name, field] of Object.entries(columns)) (this.agreed[name] ??= []).push(field);
    }
    for (const [name, fields] of Object.entries(this.agreed)) {
      const same = new Set(fields.map(({ type, labels }) => JSON.stringify([type, labels]))).size === 1;
      this.agreed[name] = same ? fields[0] : undefined;
    }
  }

  field(table, column) {
    return table ? this.site.tables[table]?.columns[column] : this.agreed[column];
  }

  heading(table, column) {
    const words = column.replace(/^us_/, "U.S. ").replaceAll("_", " ").replace(/russia|ukraine/g, (name) => name[0].toUpperCase() + name.slice(1));
    return this.field(table, column)?.title ?? words[0].toUpperCase() + words.slice(1);
  }

  short(table, column, value) {
    const labels = this.field(table, column)?.labels ?? {};
    const long = Object.values(labels).some((label) => label.length > LABEL);
    return (!long && labels[value]) || String(value).replaceAll("_", " ");
  }

  link(table, key) {
    const { database, detailed, keys } = this.site;
    return at(detailed.includes(table) ? `${database}/${table}/${tilde(key)}/` : `${database}/${table}/?${new URLSearchParams({ [keys[table]]: key })}`);
  }

  shown(value, column, row, table) {
    const { leads_to: leads, names, states, tables } = this.site;
    const key = String(value);
    const other = column === "row_id" ? row.table_name : leads[column];
    const name = names[other]?.[key];
    if (name) return made("a", { href: this.link(other, key), title: key, class: name.length > LONG ? "long" : undefined }, name);
    if (column === "us_division" && states[key]) return made("a", { href: at(`state/${states[key]}/`) }, key);
    if (/^https?:\/\/[^\s/]+\S*$/.test(key)) return outward(key);
    const digits = { month: 7, year: 4 }[row[`${column}_precision`]];
    if (digits && typeof value === "string") return made("span", { class: "date" }, key.slice(0, digits));
    const field = this.field(table, column);
    if (field?.type === "boolean") return value ? "yes" : "no";
    const label = field?.labels[key] ?? (column === "table_name" ? tables[key]?.title : undefined);
    if (label) return made("span", { class: "code", title: label, "data-value": key }, field?.labels[key] ? this.short(table, column, key) : label);
    const counts = Number.isInteger(value) && !column.endsWith("_id") && (field ? field.type === "integer" : !column.includes("year"));
    return counts ? count(value) : key;
  }

  cell(value, column, row, table) {
    const empty = value === null || value === "";
    const size = typeof value === "string" ? value.length : 0;
    const style = ["number", "bigint"].includes(typeof value) ? "number" : size > LONG ? "long" : size <= SHORT ? "short" : "";
    return made("td", { class: style }, empty ? "" : this.shown(value, column, row, table));
  }

  table({ columns, rows }, table, title = (column) => this.heading(table, column)) {
    const heads = columns.map((column) => made("th", { scope: "col" }, title(column), " ", made("code", {}, column)));
    const lines = rows.map((cells) => {
      const row = Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
      return made("tr", {}, ...columns.map((column) => this.cell(row[column], column, row, table)));
    });
    const whole = made("table", { class: "data rows" }, made("thead", {}, made("tr", {}, ...heads)), made("tbody", {}, ...lines));
    return made("div", { class: "scroll", role: "region", "aria-label": "The answer", tabindex: 0 }, whole);
  }

  // Links that write the answer as files, which name what was asked and the day.
  files(answer, name, parameters, ...more) {
    const { database, version, as_of } = this.site;
    const answers = { version, as_of, parameters };
    const { columns, rows, truncated } = answer;
    const cells = (row) => row.map((cell) => (/[",\r\n]/.test(cell ?? "") ? `"${String(cell).replaceAll('"', '""')}"` : cell ?? "")).join(",");
    const said = Object.entries(parameters).filter(([, value]) => value).map((pair) => pair.join(" "));
    const file = (form, type, text) => made("a", { download: `${[name, ...said, as_of].join(", ")}.${form.toLowerCase()}`, href: URL.createObjectURL(new Blob([text], { type })) }, form);
    const json = JSON.stringify({ database, answers, columns, rows, truncated }, (_, cell) => (typeof cell === "bigint" ? String(cell) : cell));
    return made("p", { class: "after" }, "As data: ", file("CSV", "text/csv", [columns, ...rows].map(cells).join("\r\n") + "\r\n"), ", ", file("JSON", "application/json", json), ". ", ...more);
  }
}

function outward(address) {
  const bare = address.split("://")[1].replace(/^www\./, "").replace(/\/+$/, "");
  const short = bare.length <= ADDRESS ? bare : `${bare.slice(0, ADDRESS - 1)}…`;
  return made("a", { href: address, rel: "noopener nofollow", class: "outward" }, short);
}
