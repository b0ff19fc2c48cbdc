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
    let isDone = true;
    try {
      database.pragma("wal_checkpoint(PASSIVE)");
    } catch {
      isDone = false;
    }
    parentPort.postMessage(isDone);
  });
`;

/** Folds a database's write-ahead log back into it, in a thread of its own: on the event loop that would hold up everything. */
export class Checkpointer {
  readonly #path: string;
  readonly #onDone: () => void;
  #worker: Worker | undefined;
  #state: "resting" | "working" | "closed" = "resting";

  /** `onDone` is called after each pass; what came into the log meanwhile is not folded in. */
  constructor(path: string, onDone: () => void) {
    this.#path = path;
    this.#onDone = onDone;
  }

  /** Begins a pass, unless one is under way. */
  run(): void {
    if (this.#state !== "resting") return;
    this.#state = "working";
    this.#worker ??= this.#start();
    this.#worker.postMessage("checkpoint");
  }

  async close(): Promise<void> {
    this.#state = "closed";
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const driver = createRequire(import.meta.url).resolve("better-sqlite3");
    const worker = new Worker(program, { eval: true, workerData: { driver, path: this.#path } });
    worker.unref();
    const done = (): void => {
      if (this.#state !== "working") return;
      this.#state = "resting";
      this.#onDone();
    };
    worker.on("message", done);
    // A thread that cannot be had: the owner does the work itself, and the next pass tries anew.
    worker.on("error", () => {
      this.#worker = undefined;
      done();
    });
    return worker;
  }
}
