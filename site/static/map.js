// The map's parts, filters and replay, all kept in the address. The page says all of it without this; what held
// when, and in which words, is in the table's data-history.

const DAY = 24 * 3600 * 1000;
const DAYS_A_STEP = 6; // of the replay
const STEP = 60; // milliseconds between its steps
const SLOW_STEP = 900; // for readers who want less motion: from decision to decision

const FILTERS = ["status", "country"];
const WORDS = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const dayNumber = (date) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
const dayOf = (number) => new Date(number * DAY).toISOString().slice(0, 10);
const spoken = (date) => WORDS.format(new Date(`${date}T00:00:00Z`));
const heldOn = (history, date) => history.find(({ from, to }) => from <= date && (!to || date < to));

function turningDays(histories) {
  const starts = histories.flat().map(({ from }) => from).filter(Boolean);
  return [...new Set(starts)].sort().map(dayNumber);
}

function start(root) {
  const table = document.querySelector("#map-table");
  const ties = [...table.querySelectorAll("tbody tr")].map((row) => tieOf(root, row));
  const days = { first: dayNumber(root.dataset.first), last: dayNumber(root.dataset.last) };
  const turns = turningDays(ties.map((tie) => tie.history)).filter((day) => day > days.first && day <= days.last);
  const form = root.querySelector("[data-controls]");
  const views = [...document.querySelectorAll("[data-view]")];
  const slider = form.querySelector("#day");
  slider.min = days.first;
  slider.max = days.last;
  root.classList.add("scripted");
  widen(root);

  const show = (speak) => {
    update(root, form, ties, Number(slider.value), speak);
    if (speak) history.replaceState(null, "", addressOf(form, slider, views));
  };
  const go = (day, speak = true) => {
    slider.value = day;
    show(speak);
  };
  const replay = replayer(form.querySelector("[data-go=play]"), slider, days, turns, go);

  readAddress(root, form, slider, views);
  show(false);
  slider.addEventListener("input", () => { replay.stop(); show(false); });
  slider.addEventListener("change", () => show(true));
  form.querySelector("#date").addEventListener("change", (event) => {
    replay.stop();
    if (event.target.value) go(dayNumber(event.target.value));
  });
  form.addEventListener("change", (event) => { if (event.target.type === "checkbox") show(true); });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const link of views) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      look(root, views, link);
      show(true);
    });
  }
  form.querySelector("[data-go=back]").addEventListener("click", () => {
    replay.stop();
    go(turns.findLast((day) => day < slider.value) ?? days.first);
  });
  form.querySelector("[data-go=on]").addEventListener("click", () => {
    replay.stop();
    go(turns.find((day) => day > slider.value) ?? days.last);
  });
}

// The address has the day, the filters and the part of the map; it leaves out a day that is today, a filter that
// is off, and the whole map.
function readAddress(root, form, slider, views) {
  const asked = new URLSearchParams(location.search);
  slider.value = dayNumber(asked.get("date") || root.dataset.shown) || slider.max;
  for (const name of FILTERS.filter((filter) => asked.has(filter))) {
    for (const box of form.querySelectorAll(`[name=${name}]`)) box.checked = asked.getAll(name).includes(box.value);
  }
  look(root, views, views.find((link) => link.dataset.view === asked.get("view")) ?? views[0]);
}

function addressOf(form, slider, views) {
  const asked = new URLSearchParams();
  if (slider.value !== slider.max) asked.set("date", dayOf(Number(slider.value)));
  for (const name of FILTERS) {
    const boxes = [...form.querySelectorAll(`[name=${name}]`)];
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    if (chosen.length < boxes.length) for (const value of chosen.length ? chosen : [""]) asked.append(name, value);
  }
  const { view } = views.find((link) => link.ariaCurrent === "true").dataset;
  if (view) asked.set("view", view);
  return asked.size ? `?${asked}` : location.pathname;
}

// Show a part of the map; of the ties, those that end in it.
function look(root, views, chosen) {
  for (const link of views) link.ariaCurrent = link === chosen ? "true" : null;
  root.dataset.part = chosen.dataset.view;
  root.querySelector(".map svg").setAttribute("viewBox", chosen.dataset.box);
}

function tieOf(root, row) {
  const mark = root.querySelector(`.tie[data-tie="${CSS.escape(row.dataset.tie)}"]`);
  return { row, mark, cells: cellsOf(row), ...row.dataset, history: JSON.parse(row.dataset.history) };
}

function cellsOf(row) {
  return { status: row.querySelector("[data-cell=status]"), since: row.querySelector("[data-cell=since]") };
}

// A line is thin; a wider unseen one under it makes it easy to point at.
function widen(root) {
  for (const way of root.querySelectorAll(".tie .way")) {
    const near = way.cloneNode();
    near.setAttribute("class", "near");
    way.before(near);
  }
}

function update(root, form, ties, day, speak) {
  const checked = new Set([...form.querySelectorAll("input:checked")].map((box) => box.value));
  const date = dayOf(day);
  const counts = {};
  let shown = 0;
  for (const tie of ties) {
    const held = heldOn(tie.history, date);
    const status = held ? held.status : "none";
    const here = checked.has(tie.country) && tie.parts.includes(root.dataset.part);
    if (here) counts[status] = (counts[status] ?? 0) + 1;
    const visible = here && checked.has(status);
    shown += visible;
    tie.row.hidden = !visible;
    if (tie.mark) {
      tie.mark.dataset.status = status;
      tie.mark.classList.toggle("away", !visible);
    }
    if (tie.status !== status || tie.since !== held?.from) relabel(form, tie, status, held);
  }
  for (const count of form.querySelectorAll("[data-count]")) count.textContent = counts[count.dataset.count] ?? 0;
  const words = spoken(date);
  for (const place of document.querySelectorAll("[data-day], [data-day-in-table]")) place.textContent = words;
  form.querySelector("#date").value = date;
  form.querySelector("#day").setAttribute("aria-valuetext", words);
  document.querySelector("[data-compare]").search = `?until=${date}`;
  document.querySelector("[data-nothing]").hidden = shown > 0;
  if (speak) {
    const decided = ["ended", "suspended", "limited", "kept"].filter((status) => counts[status]).map((status) => `${counts[status]} ${status}`);
    form.querySelector("[data-live]").textContent = `${words}: ${shown} ties shown; ${decided.join(", ") || "no decision yet"}.`;
  }
}

function relabel(form, tie, status, held) {
  const known = form.querySelector(`input[value="${status}"]`)?.parentElement.querySelector(".badge");
  if (known) tie.cells.status.replaceChildren(known.cloneNode(true));
  writeSince(tie.cells.since, held);
  tie.status = status;
  tie.since = held?.from;
}

function writeSince(cell, held) {
  cell.textContent = held ? held.since : "not known";
  if (!held?.older) return;
  const note = document.createElement("span");
  note.className = "older";
  note.textContent = "before the invasion";
  cell.append(" ", note);
}

function replayer(button, slider, days, turns, go) {
  let timer = null;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const stop = () => {
    clearInterval(timer);
    timer = null;
    button.setAttribute("aria-pressed", "false");
    button.textContent = "Play";
  };
  const step = () => {
    const now = Number(slider.value);
    const next = calm.matches ? turns.find((day) => day > now) ?? days.last : Math.min(now + DAYS_A_STEP, days.last);
    go(next, next === days.last);
    if (next === days.last) stop();
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) >= days.last) go(days.first, false);
    button.setAttribute("aria-pressed", "true");
    button.textContent = "Pause";
    timer = setInterval(step, calm.matches ? SLOW_STEP : STEP);
  });
  return { stop };
}

for (const root of document.querySelectorAll("[data-map]")) start(root);
