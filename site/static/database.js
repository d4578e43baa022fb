// The database in a worker of this page: asked here, and stopped here.

const LIMIT = 30_000; // milliseconds for a query
let worker, opened, giveUp, last = 0;
const waiting = new Map();

export class Refused extends Error {}

function start(file) {
  worker = new Worker(new URL("database-worker.js", import.meta.url), { type: "module", name: file });
  opened = new Promise((resolve, reject) => {
    giveUp = reject;
    worker.onerror = () => reject(new Refused("This browser cannot open the database."));
    worker.onmessage = ({ data }) => {
      if (!data.id) return data.error ? reject(new Refused(data.error)) : resolve();
      const { settle, refuse, timer } = waiting.get(data.id);
      waiting.delete(data.id);
      clearTimeout(timer);
      return data.error ? refuse(new Refused(`SQLite says: ${data.error}`)) : settle(data.answer);
    };
  });
}

// The answer to a query of the file: columns, rows, whether there are more than `most`, and its parameters.
export async function ask(file, sql, values = {}, most = Infinity) {
  if (!worker) start(file);
  await opened;
  return new Promise((settle, refuse) => {
    const id = ++last;
    const timer = setTimeout(() => stop(`The query was stopped after ${LIMIT / 1000} seconds.`), LIMIT);
    waiting.set(id, { settle, refuse, timer });
    worker.postMessage({ id, sql, values, most });
  });
}

// End whatever runs; the next query opens the database anew.
export function stop(reason) {
  worker?.terminate();
  worker = undefined;
  giveUp?.(new Refused(reason));
  for (const { refuse, timer } of waiting.values()) {
    clearTimeout(timer);
    refuse(new Refused(reason));
  }
  waiting.clear();
}
