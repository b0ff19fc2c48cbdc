import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/**
 * What the worker runs: copies what is in the log into the database, without ever standing in a writer's way. As text, since a
 * bundle has no file of its own for it; the driver's place is handed over, since text has no place to resolve it from.
 */
const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const Database = require(workerData.driver);
  const database = new Database(workerData.path, { timeout: 0 });
  parentPort.on("message", () => {
    try {
      database.pragma("wal_checkpoint(PASSIVE)");
    } catch {
      // What was not folded in stays in the log, where whoever asked sees it.
    }
    parentPort.postMessage("done");
  });
`;

/** Folds a database's write-ahead log back into it, in a thread of its own: on the event loop that would hold up everything. */
export class Checkpointer {
  readonly #path: string;
  readonly #onDone: (how: "passed" | "no-thread") => void;
  #worker: Worker | undefined;
  #isClosed = false;

  /** `onDone` is called after each pass; what came into the log meanwhile is not folded in. */
  constructor(path: string, onDone: (how: "passed" | "no-thread") => void) {
    this.#path = path;
    this.#onDone = onDone;
  }

  /** Begins a pass. Call it again only once that is over. */
  run(): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage("checkpoint");
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const driver = createRequire(import.meta.url).resolve("better-sqlite3");
    const worker = new Worker(program, { eval: true, workerData: { driver, path: this.#path } });
    worker.unref();
    worker.on("message", () => {
      if (!this.#isClosed) this.#onDone("passed");
    });
    // A thread that cannot be had, or that ended: the next pass tries anew.
    const gone = (): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      if (!this.#isClosed) this.#onDone("no-thread");
    };
    worker.on("error", gone);
    worker.on("exit", gone);
    return worker;
  }
}
