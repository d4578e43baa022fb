// Values as people write them, read as sister_pages/values.py reads them.

const NEAR = 0.7; // the share of letters that a value and a choice have in common
const SHORTEST = 3; // letters; a shorter value is a code, which its label explains
const FEW = 8; // choices that a sentence can list
const sentences = await (await fetch(new URL("sentences.json", import.meta.url))).json();
const KEY = new RegExp(`^(?:${sentences.key})$`);

export class NotUnderstood extends Error {}

const said = (name, parts) => sentences[name].replace(/{(\w+)}/g, (_, part) => parts[part]);
const plain = (text) => text.toUpperCase().toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");
const length = (text) => [...text].length;

// The value of a parameter in the SQL; `find` answers find_a_tie. Throws NotUnderstood.
export async function understood(described, value, find) {
  if (described.type === "search") return value;
  const text = value.trim().split(/\s+/u).join(" ");
  const known = new Map(described.choices.flatMap((choice) => names(choice).map((name) => [plain(name), choice[0]])));
  if (!text) return "";
  if (known.has(plain(text))) return known.get(plain(text));
  const { label, type } = described;
  if (type === "date" && !isDay(text)) throw new NotUnderstood(said("no_day", { value: text }));
  if (type === "choice") throw new NotUnderstood(said("no_choice", { label, value: text, instead: instead(described, text) }));
  return ["tie", "place"].includes(type) && !KEY.test(text) ? keyOf(described, value, await find(value)) : text;
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && text >= "0001" && !isNaN(day) && day.toISOString().startsWith(text);
}

function names(choice) {
  return [...choice.toReversed(), ...choice.slice(2).map((code) => code.split("-").at(-1))];
}

function instead({ choices }, text) {
  const short = new Map();
  for (const [value, label] of choices) {
    const words = value.replaceAll("_", " ");
    short.set(value, length(value) < SHORTEST || length(label) <= length(words) ? label : words);
  }
  const called = new Map(choices.flatMap((choice) => choice.slice(0, 2).map((name) => [plain(name), short.get(choice[0])])));
  const asked = [...plain(text)];
  const near = [...called.keys()].map((name) => [likeness([...name], asked), name]).filter(([like]) => like >= NEAR);
  if (near.length) return said("nearest", { choices: called.get(near.sort().at(-1)[1]) });
  return short.size <= FEW ? said("few", { choices: [...short.values()].join(", ") }) : said("many");
}

// The ratio of Python's difflib.SequenceMatcher.
function likeness(one, other) {
  return one.length + other.length ? (2 * inCommon(one, other)) / (one.length + other.length) : 1;
}

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
  const column = { tie: "pair_id", place: "place_id" }[type];
  const hits = found.filter((row) => row[column]);
  const sure = hits.filter((row) => row.match === "all words");
  if (sure.length === 1) return sure[0][column];
  const called = (sure.length ? sure : hits).slice(0, FEW).map((row) => [row.us_place, row.partner_place].filter(Boolean).join(" – "));
  if (sure.length) throw new NotUnderstood(said("names", { label, value, choices: called.join(", ") }));
  const near = called.length ? ` ${said("nearest", { choices: called[0] })}` : "";
  throw new NotUnderstood(said("no_name", { label, value }) + near);
}
