// The map's parts, filters and replay, all kept in the address. The page says all of it without this; what held
// when, and in which words, is in the table's data-history.

const DAY = 24 * 3600 * 1000;
const STEP = matchMedia("(prefers-reduced-motion: reduce)").matches ? 900 : 200; // milliseconds a decision
const FILTERS = ["status", "country"];
const WORDS = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const dayNumber = (date) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
const dayOf = (number) => new Date(number * DAY).toISOString().slice(0, 10);
const spoken = (date) => WORDS.format(new Date(`${date}T00:00:00Z`));
const heldOn = (history, date) => history.find(({ from = "", to }) => from <= date && (!to || date < to));

function start(root) {
  const ties = [...document.querySelectorAll("#map-table tbody tr")].map((row) => tieOf(root, row));
  const form = root.querySelector("[data-controls]");
  const views = [...document.querySelectorAll("[data-view]")];
  const slider = form.querySelector("#day");
  const [first, last] = [root.dataset.first, root.dataset.last].map(dayNumber);
  const starts = ties.flatMap(({ history }) => history.map(({ from }) => from && dayNumber(from)));
  const turns = starts.filter((day) => day > first && day <= last).sort((a, b) => a - b);
  Object.assign(slider, { min: first, max: last });
  root.classList.add("scripted");

  const show = (speak = true) => {
    update(root, form, ties, Number(slider.value), speak);
    if (speak) history.replaceState(null, "", addressOf(form, slider));
  };
  const go = (day, speak) => { slider.value = day; show(speak); };
  const later = () => turns.find((day) => day > slider.value) ?? last;
  const stop = player(form.querySelector("[data-go=play]"), slider, first, last, later, go);
  const on = (name, act) => form.querySelector(`[data-go=${name}]`).addEventListener("click", () => { stop(); go(act()); });

  readAddress(root, form, slider, views);
  show(false);
  on("back", () => turns.findLast((day) => day < slider.value) ?? first);
  on("on", later);
  slider.addEventListener("input", () => { stop(); show(false); });
  form.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox") stop();
    if (target.name === "date" && target.value) slider.value = dayNumber(target.value);
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const link of views) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      look(root, form, views, link);
      show();
    });
  }
}

// The address leaves out a day that is the last, a filter that is off, and the whole map.
function readAddress(root, form, slider, views) {
  const asked = new URLSearchParams(location.search);
  slider.value = dayNumber(asked.get("date") || root.dataset.shown) || slider.max;
  for (const name of FILTERS.filter((filter) => asked.has(filter))) {
    for (const box of form.querySelectorAll(`[name=${name}]`)) box.checked = asked.getAll(name).includes(box.value);
  }
  look(root, form, views, views.find((link) => link.dataset.view === asked.get("view")) ?? views[0]);
}

function addressOf(form, slider) {
  const asked = new URLSearchParams(new FormData(form));
  for (const name of FILTERS) {
    if (!asked.has(name)) asked.set(name, "");
    else if (asked.getAll(name).length === form.querySelectorAll(`[name=${name}]`).length) asked.delete(name);
  }
  if (slider.value === slider.max) asked.delete("date");
  if (!asked.get("view")) asked.delete("view");
  return asked.size ? `?${asked}` : location.pathname;
}

// Show a part of the map; of the ties, those that end in it.
function look(root, form, views, chosen) {
  for (const link of views) link.ariaCurrent = link === chosen ? "true" : null;
  root.dataset.part = form.querySelector("[name=view]").value = chosen.dataset.view;
  root.querySelector(".map svg").setAttribute("viewBox", chosen.dataset.box);
}

function tieOf(root, row) {
  const mark = root.querySelector(`.tie[data-tie="${CSS.escape(row.dataset.tie)}"]`);
  const cells = row.querySelectorAll("[data-cell]");
  const way = mark?.querySelector(".way"); // a thin line; a wider unseen one under it is easy to point at
  way?.before(way.cloneNode());
  way?.previousSibling.setAttribute("class", "near");
  return { row, mark, cells, ...row.dataset, history: JSON.parse(row.dataset.history) };
}

function update(root, form, ties, day, speak) {
  const checked = new Set([...form.querySelectorAll("input:checked")].map((box) => box.value));
  const [date, counts] = [dayOf(day), {}];
  let shown = 0;
  for (const tie of ties) {
    const held = heldOn(tie.history, date);
    const status = held?.status ?? "none";
    const here = checked.has(tie.country) && tie.parts.includes(root.dataset.part);
    const visible = here && checked.has(status);
    if (here) counts[status] = (counts[status] ?? 0) + 1;
    shown += visible;
    tie.row.hidden = !visible;
    if (tie.mark) tie.mark.dataset.status = status;
    tie.mark?.classList.toggle("away", !visible);
    if (tie.held !== held) relabel(form, tie, held);
  }
  for (const count of form.querySelectorAll("[data-count]")) count.textContent = counts[count.dataset.count] ?? 0;
  const words = spoken(date);
  for (const place of document.querySelectorAll("[data-day], [data-day-in-table]")) place.textContent = words;
  form.querySelector("#date").value = date;
  form.querySelector("#day").setAttribute("aria-valuetext", words);
  document.querySelector("[data-compare]").search = `?until=${date}`;
  document.querySelector("[data-nothing]").hidden = shown > 0;
  if (!speak) return;
  const decided = ["ended", "suspended", "limited", "kept"].filter((status) => counts[status]);
  const told = decided.map((status) => `${counts[status]} ${status}`).join(", ") || "no decision yet";
  form.querySelector("[data-live]").textContent = `${words}: ${shown} ties shown; ${told}.`;
}

function relabel(form, tie, held) {
  const [status, since] = tie.cells;
  const badge = form.querySelector(`input[value="${held?.status}"]`)?.parentElement.querySelector(".badge");
  const older = Object.assign(document.createElement("span"), { className: "older", textContent: "before the invasion" });
  if (badge) status.replaceChildren(badge.cloneNode(true));
  since.replaceChildren(held?.since ?? "not known", ...(held?.older ? [" ", older] : []));
  tie.held = held;
}

function player(button, slider, first, last, later, go) {
  let timer = null;
  const set = (playing) => {
    clearInterval(timer);
    timer = playing ? setInterval(step, STEP) : null;
    button.setAttribute("aria-pressed", String(playing));
    button.textContent = playing ? "Pause" : "Play";
  };
  const step = () => {
    const next = later();
    if (next === last) set(false);
    go(next, next === last);
  };
  button.addEventListener("click", () => {
    if (!timer && Number(slider.value) >= last) go(first, false);
    set(!timer);
  });
  return () => set(false);
}

for (const root of document.querySelectorAll("[data-map]")) start(root);
