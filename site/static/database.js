// The database in a worker of this page: asked here, and stopped here.

const LIMIT = 60_000; // milliseconds for a query, with the first also for the opening of the database
const waiting = new Map();
let worker, over, last = 0;

export class Refused extends Error {}

// The answer to a query of a file: columns, rows, whether there are more than `most`, and its parameters.
export function ask(file, sql, values = {}, most = Infinity) {
  if (over) return Promise.reject(new Refused(over));
  if (!worker) start(file);
  return new Promise((settle, refuse) => {
    const timer = setTimeout(stop, LIMIT, `The query was stopped after ${LIMIT / 1000} seconds.`);
    waiting.set(++last, { settle, refuse, timer });
    worker.postMessage({ id: last, sql, values, most });
  });
}

function start(file) {
  worker = new Worker(new URL("database-worker.js", import.meta.url), { type: "module", name: file });
  worker.onerror = () => stop("This browser cannot open the database.");
  worker.onmessage = ({ data: { id, answer, error } }) => {
    const { settle, refuse, timer } = waiting.get(id);
    waiting.delete(id);
    clearTimeout(timer);
    return error ? refuse(new Refused(error)) : settle(answer);
  };
}

// End whatever runs, and ask nothing more: the reader may say so before the first query has begun.
export function end(reason) {
  over = reason;
  stop(reason);
}

// End whatever runs; the next query opens the database anew.
function stop(reason) {
  worker?.terminate();
  worker = undefined;
  for (const { refuse } of waiting.values()) refuse(new Refused(reason));
  waiting.clear();
}
