// Holds the database, and answers one query after the other; whoever tires of one ends this worker.
import start from "./sqlite/sqlite3.js";

const database = open();
database.catch(() => {}); // each query says it

async function open() {
  const [{ capi, oo1, wasm }, bytes] = await Promise.all([start({ print() {}, printErr() {} }), content()]);
  const db = new oo1.DB();
  const held = wasm.allocFromTypedArray(bytes);
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_READONLY;
  db.checkRc(capi.sqlite3_deserialize(db.pointer, "main", held, bytes.length, bytes.length, flags));
  db.createFunction("escape_fts", (_, query) => escaped(query));
  return db;
}

async function content() {
  const response = await fetch(new URL(self.name, import.meta.url), { cache: "no-cache" });
  if (!response.ok) throw new Error(`The database could not be opened: ${response.status} ${response.statusText}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] !== 0x1f) return bytes; // the server has said that it is compressed, and the browser seen to it
  const stream = new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// As Datasette has it: each word in quotes, so that no sign of the search language is one.
function escaped(query) {
  const whole = (query.match(/"/g) ?? []).length % 2 ? `${query}"` : query;
  const parts = whole.split(/\s+|(".*?")/).filter((part) => part && part !== '""');
  return parts.map((part) => (part.startsWith('"') ? part : `"${part}"`)).join(" ");
}

const plain = (cell) => (typeof cell === "bigint" ? Number(cell) : cell); // as all numbers of JavaScript are

function answer(db, { sql, values, most }) {
  const statement = db.prepare(sql);
  try {
    const parameters = Array.from({ length: statement.parameterCount }, (_, i) => statement.getParamName(i + 1).slice(1));
    parameters.forEach((name, i) => statement.bind(i + 1, values[name] ?? ""));
    const columns = statement.columnCount ? statement.getColumnNames() : [], rows = [];
    while (rows.length <= most && statement.step()) rows.push(statement.get([]).map(plain));
    return { columns, rows: rows.slice(0, most), truncated: rows.length > most, parameters };
  } finally {
    statement.finalize();
  }
}

onmessage = async ({ data }) => {
  try {
    postMessage({ id: data.id, answer: answer(await database, data) });
  } catch (error) {
    postMessage({ id: data.id, error: error.message.replace(/^.*result code \d+/, "SQLite says") });
  }
};
