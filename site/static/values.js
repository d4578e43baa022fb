// Values as people write them, read as sister_pages/parameters.py reads them.

import { site } from "./answers.js";

export class NotUnderstood extends Error {}

const said = (name, parts) => site.values.sentences[name].replace(/{(\w+)}/g, (_, part) => parts[part]);
const plain = (text) => text.toUpperCase().toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");
const length = (text) => [...text].length;
export const nameOf = (hit) => [hit.us_place, hit.partner_place].filter(Boolean).join(" – ");

// The value of a parameter in the SQL; `find` answers find_a_tie. Throws NotUnderstood.
export async function understood(described, value, find) {
  const { label, type, choices } = described;
  if (type === "search") return value;
  const text = value.trim().split(/\s+/u).join(" ");
  const known = new Map(choices.flatMap((choice) => names(choice).map((name) => [plain(name), choice[0]])));
  if (!text) return "";
  if (known.has(plain(text))) return known.get(plain(text));
  if (type === "date" && !isDay(text)) throw new NotUnderstood(said("no_day", { value: text }));
  const none = said("no_choice", { label, value: text });
  if (type === "choice") throw new NotUnderstood(`${none} ${instead(choices, text)}`);
  if (type === "text" && choices.length) return partOfOne(choices.map(([choice]) => choice), text, none);
  return site.values.kinds[type] && !new RegExp(`^(?:${site.values.key})$`).test(text) ? keyOf(described, value, await find(value)) : text;
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && text >= "0001" && !isNaN(day) && day.toISOString().startsWith(text);
}

function partOfOne(choices, text, none) {
  if (choices.some((choice) => choice.toLowerCase().includes(text.toLowerCase()))) return text;
  const near = nearestOf(choices.flatMap((choice) => choice.split(/\s+/u)), text);
  if (near && plain(near) === plain(text)) return near;
  throw new NotUnderstood(none + (near ? ` ${said("nearest", { choices: near })}` : ""));
}

const names = (choice) => [...choice.toReversed(), ...choice.slice(2).map((code) => code.split("-").at(-1))];

function instead(choices, text) {
  const short = new Map();
  for (const [value, label] of choices) {
    const words = value.replaceAll("_", " ");
    short.set(value, length(value) < site.values.shortest || length(label) <= length(words) ? label : words);
  }
  const called = choices.flatMap((choice) => choice.slice(0, 2).map((name) => [plain(name), short.get(choice[0])]));
  const near = nearest(new Map(called), text);
  if (near) return said("nearest", { choices: near });
  return short.size <= site.values.few ? said("few", { choices: [...short.values()].join(", ") }) : said("many");
}

// What of a map is called most like a text, by the ratio of Python's difflib.SequenceMatcher.
function nearest(called, text, least = site.values.near) {
  const asked = [...plain(text)];
  const likeness = (name) => (2 * inCommon(name, asked)) / (name.length + asked.length);
  const near = [...called.keys()].map((name) => [likeness([...name]), name]).filter(([like]) => like >= least);
  const [best] = near.sort(([one, a], [other, b]) => other - one || (a < b ? 1 : -1));
  return best && called.get(best[1]);
}

export const nearestOf = (words, text, least) => nearest(new Map(words.map((word) => [plain(word), word])), text, least);

function inCommon(one, other) {
  let [first, second, most] = [0, 0, 0];
  for (let i = 0; i < one.length; i++) {
    for (let j = 0; j < other.length; j++) {
      let k = 0;
      while (i + k < one.length && one[i + k] === other[j + k]) k++;
      if (k > most) [first, second, most] = [i, j, k];
    }
  }
  if (!most) return 0;
  const before = inCommon(one.slice(0, first), other.slice(0, second));
  return before + most + inCommon(one.slice(first + most), other.slice(second + most));
}

function keyOf({ label, type }, value, found) {
  const columns = site.values.kinds[type];
  const hits = found.filter((row) => columns.some((column) => row[column]));
  const sure = hits.filter((row) => row.match === "all words");
  for (const column of columns) {
    const keys = sure.map((row) => row[column]).filter(Boolean);
    if (keys.length === 1) return keys[0];
  }
  const called = (sure.length ? sure : hits).slice(0, site.values.few).map(nameOf);
  if (sure.length) throw new NotUnderstood(said("several", { label, value, choices: called.join(", ") }));
  const near = called.length ? ` ${said("nearest", { choices: called[0] })}` : "";
  throw new NotUnderstood(said("no_choice", { label, value }) + near);
}
