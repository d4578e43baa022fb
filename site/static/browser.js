// Answers in the page what is asked of it besides what it shows, with the same database in the reader's browser.
import { Answers, at, count, made, notice, spoken, tilde, untilde } from "./answers.js";
import { ask, Refused, stop } from "./database.js";
import { NotUnderstood, understood } from "./values.js";

const FIND = "find_a_tie";
const FACET_VALUES = 30;
const OWN = /^_(?!.*__)/; // parameters that are no filter
const KNOWN = /^_(search|sort|sort_desc|next|size|facet_size|filter_.*|sort_by_desc|nofacet|nocount)$/;
const given = new URLSearchParams(location.search);
const [database, page] = location.pathname.slice(new URL(at("")).pathname.length).split("/");
const place = document.querySelector("#answer");
let site, answers;

const query = (sql, values, most) => ask(`../${database}.db.gz`, sql, values, most);
const show = (...parts) => place.replaceChildren(...parts.filter(Boolean));
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const sqlAddress = (sql, values) => at(`${database}/?${new URLSearchParams({ sql, ...values })}`);
const records = ({ columns, rows }) => rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));

function whole(answer, name, parameters, ...more) {
  const { rows, truncated } = answer;
  if (!rows.length) return [made("p", { class: "notice" }, "No rows match.")];
  const heading = made("h2", { id: "answer-heading" }, `${truncated ? "The first " : ""}${count(rows.length)} row${rows.length === 1 ? "" : "s"}`);
  const cut = truncated ? made("p", { class: "notice" }, "There are more rows than a page may hold: narrow the question.") : "";
  return [made("section", { "aria-labelledby": "answer-heading" }, heading, cut, answers.table(answer), answers.files(answer, name, parameters, ...more))];
}

async function questionPage(question) {
  const values = {}, meant = [], problems = [];
  const find = async (q) => records(await query(site.questions[FIND].sql, { q }));
  for (const one of question.parameters) {
    const value = given.get(one.name) ?? "";
    const field = document.querySelector("form.parameters, main form.find")?.elements[one.name];
    try {
      const read = (values[one.name] = await understood(one, value, find));
      const label = one.choices.find(([choice]) => choice === read)?.[1] ?? read;
      if (one.type === "date") meant.push(made("p", {}, `${one.name === "date" ? "As of" : one.label} `, made("strong", {}, spoken(read || one.default || site.as_of)), read || one.default ? "." : ", the day of the data."));
      else if (read) meant.push(made("p", {}, `${one.label}: `, made("strong", {}, label), "."));
    } catch (problem) {
      if (!(problem instanceof NotUnderstood)) throw problem;
      problems.push(notice(problem.message));
      if (field && one.type === "date") field.type = "text";
    }
    if (field && value) field.value = value;
  }
  if (problems.length) return show(...problems);
  const answer = await query(question.sql, values, site.most_rows);
  for (const link of document.querySelectorAll('main a[href*="?sql="]')) link.href = sqlAddress(question.sql, values);
  if (page === FIND) return foundPage(values.q, records(answer), answers.files(answer, page, values, made("a", { href: sqlAddress(question.sql, values) }, "Edit SQL")));
  return show(...meant, ...whole(answer, page, values));
}

// As find_page.py: what has all the words, else what is nearest; one thing alone is gone to.
function foundPage(typed, hits, files) {
  const sure = hits.filter((hit) => hit.match === "all words");
  const found = sure.length ? sure : hits;
  const ties = found.filter((hit) => hit.pair_id), places = found.filter((hit) => hit.place_id);
  const words = /[\p{L}\p{N}]/u.test(typed) ? typed.trim() : "";
  if (words && sure.length && ties.length < 2) {
    const ends = ties[0]?.pair_id.split("--");
    if (ties.length && places.every((hit) => ends.includes(hit.place_id))) return location.replace(answers.link("pairs", ties[0].pair_id));
    if (!ties.length && places.length === 1) return location.replace(answers.link("places", places[0].place_id));
  }
  const many = (hits, one, more) => (hits.length ? `${hits.length} ${hits.length === 1 ? one : more}` : "");
  const counted = [many(ties, "tie", "ties"), many(places, "place", "places")].filter(Boolean).join(" and ");
  const said = !found.length ? `Nothing here resembles “${words}”.` : !words ? `All ${ties.length} ties.` : sure.length ? `“${words}”: ${counted}.` : `Nothing is called “${words}”. Nearest:`;
  const names = found.map((hit) => {
    const name = [hit.us_place, hit.partner_place].filter(Boolean).join(" – ");
    const where = hit.found === "state" ? "state" : [hit.us_division, site.countries[hit.partner_country]].filter(Boolean).join(" and ");
    return made("li", {}, made("a", { href: hit.pair_id ? answers.link("pairs", hit.pair_id) : answers.link("places", hit.place_id) }, name), " ", made("span", { class: "small" }, [hit.status, where].filter(Boolean).join(", ")));
  });
  return show(made("p", { class: "notice", role: "status" }, said), made("ul", { class: "hits" }, ...names), files);
}

async function sqlPage() {
  const sql = given.get("sql");
  const form = document.querySelector("form.sql");
  form.elements.sql.value = sql;
  document.querySelector("main h1").textContent = document.title = "Your own SQL";
  for (const part of document.querySelectorAll("main > :not(.crumbs, h1, #sql)")) part.hidden = true;
  const answer = await query(sql, Object.fromEntries(given), site.most_rows);
  const values = Object.fromEntries(answer.parameters.map((name) => [name, given.get(name) ?? ""]));
  const fields = answer.parameters.map((name) => made("p", { class: "parameter" }, made("label", {}, name, " ", made("input", { name, value: values[name] }))));
  form.querySelector("button").parentElement.before(...fields);
  return show(...whole(answer, "query", { sql, ...values }));
}

// The filters of an address, those of the form too: column, condition and value of each.
function filters() {
  const found = [...given].filter(([name]) => !OWN.test(name)).map(([name, value]) => {
    const cut = name.lastIndexOf("__");
    return cut > 0 ? [name.slice(0, cut), name.slice(cut + 2), value] : [name, "exact", value];
  });
  for (const [name, column] of given) {
    if (!name.startsWith("_filter_column") || !column) continue;
    const [op, value] = given.get(name.replace("column", "op")).split("__");
    found.push([column, op || "exact", value ?? given.get(name.replace("column", "value")) ?? ""]);
  }
  return found;
}

// An address of this table with other parameters; null takes one away.
function changed(changes) {
  const others = new URLSearchParams([...given].filter(([name, value]) => value && !/^_(filter|sort_by_desc)/.test(name)));
  for (const [column, op, value] of filters()) others.set(op === "exact" ? column : `${column}__${op}`, value);
  if (given.has("_sort_by_desc") && given.get("_sort")) changes = { _sort: null, _sort_desc: given.get("_sort"), ...changes };
  for (const [name, value] of Object.entries(changes)) value === null ? others.delete(name) : others.set(name, value);
  return `?${others}`;
}

async function tablePage(table) {
  const described = site.tables[table] ?? { columns: {} };
  const strange = [...given.keys()].filter((name) => OWN.test(name) && !KNOWN.test(name));
  if (strange.length) return show(notice(`${strange.join(", ")}: a page cannot do this here. Ask it in SQL.`));
  const where = [], values = {}, said = [];
  for (const [column, op, value] of filters()) {
    if (!site.filters[op]) return show(notice(`“${op}” is not asked here. Ask it in SQL.`));
    const [template, form, words] = site.filters[op];
    const p = `p${where.length}`;
    where.push(template.replaceAll("{c}", quoted(column)).replaceAll("{p}", p).replaceAll("{t}", quoted(table)));
    values[p] = ["gt", "gte", "lt", "lte"].includes(op) && /^\d+$/.test(value) ? Number(value) : form.replace("{}", () => value);
    said.push(`${answers.heading(table, column)} ${words} ${template.includes("{p}") ? `“${value}”` : ""}`);
  }
  const search = given.get("_search");
  if (search) {
    const words = quoted(described.fts_table);
    where.push(`rowid in (select rowid from ${words} where ${words} match escape_fts(:search))`);
    values.search = search;
    said.push(`search matches “${search}”`);
    document.querySelector("#search").value = search;
  }
  const last = given.has("_sort_by_desc") ? given.get("_sort") : given.get("_sort_desc") || (given.get("_sort") ? null : described.sort_desc);
  const sort = last || given.get("_sort") || described.sort;
  const key = (await query("select name from pragma_table_info(:table) where pk order by pk", { table })).rows.flat();
  const order = [sort && `${quoted(sort)}${last ? " desc" : ""}`, ...key.map(quoted)].filter(Boolean).join(", ");
  const from = `from ${quoted(table)}${where.length ? ` where ${where.join(" and ")}` : ""}`;
  const size = Number(given.get("_size")) || site.page_size;
  const offset = await offsetOf(given.get("_next"), key, from, order, values);
  const sql = `select * ${from}${order ? ` order by ${order}` : ""} limit ${size}${offset ? ` offset ${offset}` : ""}`;
  const answer = await query(sql, values);
  const [[rows]] = (await query(`select count(*) ${from}`, values)).rows;
  const ends = records(answer).at(-1);
  const token = key.length ? [sort && sort !== key[0] && (ends?.[sort] === null ? "$null" : tilde(ends?.[sort] ?? "")), ...key.map((column) => tilde(ends?.[column] ?? ""))].filter(Boolean).join(",") : offset + size;
  const heading = made("h2", { id: "rows-heading" }, `${count(rows)} row${rows === 1 ? "" : "s"} `, made("span", { class: "where" }, said.length ? `where ${said.join(" and ")}` : ""));
  const title = (column) => {
    const other = column === sort && !last ? { _sort_desc: column, _sort: null } : { _sort: column, _sort_desc: null };
    return made("a", { href: changed({ ...other, _next: null }), rel: "nofollow" }, answers.heading(table, column), column === sort ? ` ${last ? "↓" : "↑"}` : "");
  };
  const next = offset + size < rows ? made("a", { class: "button", href: changed({ _next: token }) }, "Next page") : "";
  const files = answers.files(await query(`select * ${from}${order && ` order by ${order}`}`, values), table, Object.fromEntries(given), made("a", { href: sqlAddress(sql, values) }, "This page as SQL"), ".");
  const none = made("p", { class: "notice" }, "No rows match.");
  show(await facets(table, described.facets ?? [], from, values), made("section", { "aria-labelledby": "rows-heading" }, heading, rows ? answers.table(answer, table, title) : none, next, files));
}

// Where the page after the row of a token begins; the token of a view is that place.
async function offsetOf(next, key, from, order, values) {
  if (!next || !key.length) return Number(next) || 0;
  const parts = next.split(",").slice(-key.length).map(untilde);
  const same = key.map((column, i) => `${quoted(column)} = :after${i}`).join(" and ");
  const after = Object.fromEntries(parts.map((part, i) => [`after${i}`, part]));
  const sql = `select place from (select *, row_number() over (order by ${order}) as place ${from}) where ${same}`;
  return (await query(sql, { ...values, ...after })).rows[0]?.[0] ?? 0;
}

async function facets(table, columns, from, values) {
  const most = given.has("_facet_size") ? 1000 : FACET_VALUES;
  const chosen = new Map(filters().filter(([, op]) => op === "exact").map(([column, , value]) => [column, value]));
  const parts = await Promise.all(columns.map(async (column) => {
    const name = quoted(column);
    const sql = `select ${name}, count(*) from (select * ${from}) where ${name} is not null group by 1 order by 2 desc, 1`;
    const { rows, truncated } = await query(sql, values, most);
    const lines = rows.map(([value, number]) => {
      const is = chosen.get(column) === String(value);
      const link = made("a", { href: changed({ [column]: is ? null : value, _next: null }), rel: "nofollow", "aria-current": is ? "true" : undefined }, answers.short(table, column, value), is ? " ×" : "");
      return made("li", { class: is ? "chosen" : undefined }, link, " ", made("span", { class: "count" }, count(number)));
    });
    const more = truncated ? made("li", {}, made("a", { href: changed({ _facet_size: "max" }) }, "more…")) : "";
    return made("div", { class: "facet", id: `facet-${column}` }, made("h3", {}, answers.heading(table, column)), made("ul", {}, ...lines, more));
  }));
  return made("section", { class: "facets", "aria-label": "Narrow down" }, ...parts);
}

async function start() {
  const button = made("button", { type: "button" }, "Stop");
  button.addEventListener("click", () => stop("The query was stopped."));
  show(made("p", { role: "status" }, "The database is asked in this browser. ", button));
  try {
    site = await (await fetch(at("browser.json"), { cache: "no-cache" })).json();
    answers = new Answers(site);
    if (!page) await sqlPage();
    else if (site.questions[page]) await questionPage(site.questions[page]);
    else await tablePage(page);
  } catch (error) {
    show(notice(error.message));
    if (!(error instanceof Refused)) throw error;
  }
}

if (place && (page ? [...given.values()].some(Boolean) : given.get("sql"))) start();
