// Answers in the page what is asked of it besides what it shows, with the same database in the reader's browser.
import { at, count, described, filesOf, heading, link, made, records, site, spoken, tableOf, tilde, untilde } from "./answers.js";
import { ask, end, Refused } from "./database.js";
import { nameOf, nearestOf, NotUnderstood, understood } from "./values.js";

const FIND = "find_a_tie";
const OWN = /^_(?!.*__)/; // parameters that are no filter
const KNOWN = /^_(search|sort|sort_desc|next|filter_.*|sort_by_desc|facet_size)$/;
const given = new URLSearchParams(location.search);
const place = document.querySelector("#answer");
const NEAR = 0.6; // the share of letters that two names have in common, as sandbox/database.py has it
const uncharted = place?.querySelector(".chart-box")
  ? [made("p", { class: "small" }, "A chart is drawn of the ", made("a", { href: location.pathname }, "default answer"), " alone.")]
  : [];

const query = (sql, values, most) => ask(`../${site.file}`, sql, values, most);
const show = (...parts) => place.replaceChildren(...parts);
const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
const notice = (text, role = "alert") => made("p", { class: "notice", role }, text);
const sqlLink = (words, sql, values) => made("a", { href: at(`${site.database}/?${new URLSearchParams({ sql, ...values })}`) }, words);
const some = (number, what = "row") => `${count(number)} ${what}${number === 1 ? "" : "s"}`;

async function start() {
  const button = made("button", { type: "button" }, "Stop");
  button.addEventListener("click", () => end("The query was stopped."));
  show(made("p", { role: "status" }, "The database is asked in this browser. ", button));
  try {
    await described();
    const path = location.pathname.replace(/index\.html$/, "");
    const page = path.slice(new URL(at(site.database)).pathname.length).split("/")[1];
    await (!page ? sqlPage() : site.questions[page] ? questionPage(page, site.questions[page]) : tablePage(page));
  } catch (error) {
    show(notice(await explained(error.message)));
    if (!(error instanceof Refused)) throw error;
  }
}

// An error of SQLite, with the near name where it is about a table or column that there is not.
async function explained(error) {
  const [, kind, name] = /no such (table|column): (?:\w+\.)*(\w+)$/.exec(error) ?? [];
  if (!kind) return error;
  const names = await query(`select distinct "${kind}".name from sqlite_schema as "table", pragma_table_info("table".name) as "column"`);
  const near = nearestOf(names.rows.flat(), name, NEAR);
  return near ? `${error}; did you mean ${near}?` : error;
}

function whole(answer, name, parameters) {
  if (!answer.rows.length) return [notice("No rows match.", "status")];
  const title = made("h2", { id: "answer-heading" }, (answer.truncated ? "The first " : "") + some(answer.rows.length));
  const cut = answer.truncated ? [notice("There are more rows than a page may hold: narrow the question.", "status")] : [];
  return [title, ...cut, ...uncharted, tableOf(answer, ""), filesOf(answer, name, parameters)];
}

async function questionPage(name, { parameters, sql }) {
  const values = {}, said = [], problems = [];
  const find = async (q) => records(await query(site.questions[FIND].sql, { q }));
  for (const one of parameters) {
    const value = given.get(one.name) ?? "";
    const field = document.querySelector("form.parameters, main form.find").elements[one.name];
    try {
      const read = (values[one.name] = await understood(one, value, find));
      const later = read > site.as_of ? `, as far as is known on ${spoken(site.as_of)}` : "";
      if (one.type === "date") said.push([one.name === "date" ? "As of " : `${one.label} `, spoken(read || one.default || site.as_of), later]);
      else if (read) said.push([`${one.label}: `, one.choices.find(([choice]) => choice === read)?.[1] ?? read]);
    } catch (problem) {
      if (!(problem instanceof NotUnderstood)) throw problem;
      problems.push(notice(problem.message));
      if (one.type === "date") field.type = "text";
    }
    if (value) field.value = value;
  }
  for (const edit of document.querySelectorAll("main a[href*='?sql=']")) edit.href = sqlLink("", sql, values).href;
  if (problems.length) return show(...problems);
  const answer = await query(sql, values, site.most_rows);
  if (name === FIND) return foundPage(answer, values, sql);
  return show(...said.map(([words, value, later = ""]) => made("p", {}, words, made("strong", {}, value), later, ".")), ...whole(answer, name, values));
}

// As question_page.py and find.html have it: what has all the words, else what is nearest; one thing alone is gone to.
function foundPage(answer, values, sql) {
  const typed = /[\p{L}\p{N}]/u.test(values.q) ? values.q.trim().split(/\s+/u).join(" ") : "";
  const hits = records(answer), sure = hits.filter((hit) => hit.match === "all words");
  const ends = sure.find((hit) => hit.pair_id)?.pair_id.split("--") ?? [];
  const alone = sure.filter((hit) => !ends.includes(hit.place_id));
  const page = (hit) => (hit.pair_id ? link("pairs", hit.pair_id) : link("places", hit.place_id));
  if (typed && alone.length === 1) return location.replace(page(alone[0]));
  const line = (hit) => {
    const where = [hit.status, hit.us_division, site.countries[hit.partner_country]].filter(Boolean).join(", ");
    return made("li", {}, made("a", { href: page(hit) }, nameOf(hit)), " ", made("span", { class: "small" }, where));
  };
  const [ties, places] = ["pair_id", "place_id"].map((key) => (sure.length ? sure : hits).filter((hit) => hit[key]));
  const found = [[ties, "tie"], [places, "place"]].filter(([hits]) => hits.length).map(([hits, what]) => some(hits.length, what));
  const none = hits.length ? `Nothing is called “${typed}”. Nearest:` : `Nothing here resembles “${typed}”. Choose a state or a place:`;
  const told = !typed ? `All ${found[0]}.` : sure.length ? `“${typed}”: ${found.join(" and ")}.` : none;
  const names = hits.length ? [] : site.questions[FIND].parameters[0].choices.map(([name, kind]) =>
    made("li", {}, made("a", { href: `?${new URLSearchParams({ q: name })}` }, name), kind === "state" ? " (state)" : ""));
  return show(
    notice(told, "status"),
    made("ul", { class: "many" }, ...names),
    made("ul", { class: "hits" }, ...ties.map(line)),
    ...(places.length ? [made("h2", {}, "Places"), made("ul", { class: "hits" }, ...places.map(line))] : []),
    filesOf(answer, FIND, values, sqlLink("Edit SQL", sql, values)),
  );
}

async function sqlPage() {
  const sql = given.get("sql");
  const form = document.querySelector("form.sql");
  form.elements.sql.value = sql;
  document.querySelector(".CodeMirror")?.CodeMirror.setValue(sql);
  document.querySelector("main h1").textContent = document.title = "Your own SQL";
  for (const part of document.querySelectorAll("main > :not(.crumbs, h1, #sql), #sql-heading")) part.hidden = true;
  const answer = await query(sql, Object.fromEntries(given), site.most_rows);
  const values = Object.fromEntries(answer.parameters.map((name) => [name, given.get(name) ?? ""]));
  const fields = Object.entries(values).map(([name, value]) => made("p", { class: "parameter" }, made("label", {}, name, " ", made("input", { name, value }))));
  form.querySelector("button").parentElement.before(...fields);
  show(...whole(answer, "query", { sql, ...values }));
}

// The filters of parameters, those of the form too, each as Datasette names it: a column, or column__condition.
function filters() {
  const found = new URLSearchParams([...given].filter(([name]) => !OWN.test(name)));
  for (const [name, column] of [...given].filter(([name, value]) => name.startsWith("_filter_column") && value)) {
    const [condition, value] = given.get(name.replace("column", "op")).split("__");
    found.append(`${column}__${condition || "exact"}`, value ?? given.get(name.replace("column", "value")) ?? "");
  }
  return found;
}

async function tablePage(table) {
  const strange = [...given.keys()].find((name) => OWN.test(name) && !KNOWN.test(name));
  if (strange) return show(notice(`${strange} is not asked here. Ask it in SQL.`));
  const { sort: first, sort_desc: firstDown, fts_table: words } = site.tables[table] ?? {};
  const where = [], values = {}, said = [], search = given.get("_search");
  if (search && !words) return show(notice("_search is not asked here. Ask it in SQL."));
  for (const [name, value] of filters()) {
    const [, column, condition = "exact"] = /^(.*?)(?:__(\w+))?$/.exec(name);
    if (!site.filters[condition]) return show(notice(`“${condition}” is not asked here. Ask it in SQL.`));
    const [template, form, sign] = site.filters[condition], p = `p${where.length}`;
    where.push(template.replaceAll("{c}", quoted(column)).replaceAll("{p}", p).replaceAll("{t}", quoted(table)));
    values[p] = /^[gl]te?$/.test(condition) && /^\d+$/.test(value) ? Number(value) : form.replace("{}", () => value);
    said.push(`${heading(table, column)} ${sign}${template.includes("{p}") ? ` “${value}”` : ""}`);
  }
  if (search) {
    where.push(`rowid in (select rowid from ${quoted(words)} where ${quoted(words)} match escape_fts(:search))`);
    values.search = document.querySelector("#search").value = search;
    said.push(`search matches “${search}”`);
  }
  const asked = given.get("_sort"), down = given.has("_sort_by_desc") ? asked : given.get("_sort_desc") || (asked ? null : firstDown);
  const sort = down || asked || first, keys = site.keys[table] ?? [];
  const order = [sort && quoted(sort) + (down ? " desc" : ""), ...keys.map(quoted)].filter(Boolean).join(", ");
  const from = `from ${quoted(table)}${where.length ? ` where ${where.join(" and ")}` : ""}`;
  const all = `select * ${from}${order ? ` order by ${order}` : ""}`;
  const answer = await query(all, values), size = site.page_size;
  const start = given.has("_next") ? after(given.get("_next"), answer, keys) : 0;
  const rows = answer.rows.slice(start, start + size), last = records({ ...answer, rows: rows.slice(-1) })[0];
  const token = keys.length ? [...(sort && sort !== keys[0] ? [sort] : []), ...keys].map((column) => (last?.[column] === null ? "$null" : tilde(last?.[column]))).join(",") : start + size;
  const kept = filters();
  for (const [name, value] of Object.entries({ _search: search, [down ? "_sort_desc" : "_sort"]: down || asked })) if (value) kept.set(name, value);
  const address = (changes) => {
    const others = new URLSearchParams(kept);
    for (const [name, value] of Object.entries(changes)) value === null ? others.delete(name) : others.set(name, value);
    return `?${others}`;
  };
  for (const facet of document.querySelectorAll(".facets a")) facet.href = address(Object.fromEntries(new URL(facet.href).searchParams));
  for (const counted of document.querySelectorAll(".facets .count")) counted.hidden = said.length > 0; // it is of the whole table
  const title = (column) => {
    const other = column === sort && !down ? { _sort_desc: column, _sort: null } : { _sort: column, _sort_desc: null };
    return made("a", { href: address(other), rel: "nofollow" }, heading(table, column), column === sort ? ` ${down ? "↓" : "↑"}` : "");
  };
  const next = start + size < answer.rows.length ? [made("a", { class: "button", href: address({ _next: token }) }, "Next page")] : [];
  const removed = said.length ? [made("a", { href: location.pathname }, "All rows"), ". "] : [];
  const sql = `${all} limit ${size} offset ${start}`;
  show(
    made("h2", { id: "rows-heading" }, some(answer.rows.length), " ", made("span", { class: "where" }, said.length ? `where ${said.join(" and ")}` : "")),
    ...uncharted,
    tableOf({ ...answer, rows }, table, title),
    ...next,
    filesOf(answer, table, Object.fromEntries(kept), ...removed, sqlLink("This page as SQL", sql, values)),
  );
}

// Where the page after the row of a token begins; the token of a view is that place.
function after(token, answer, keys) {
  if (!keys.length) return Number(token) || 0;
  const row = token.split(",").slice(-keys.length).map(untilde);
  const places = keys.map((key) => answer.columns.indexOf(key));
  return 1 + answer.rows.findIndex((cells) => places.every((place, i) => String(cells[place]) === row[i]));
}

if (place && [...given.values()].some(Boolean)) start();
