import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/**
 * `PASSIVE` copies what is in the log into the database without ever standing in a writer's way. `TRUNCATE` copies all of it and empties
 * the log: nobody may write meanwhile.
 */
export type CheckpointMode = "PASSIVE" | "TRUNCATE";

/**
 * What the worker runs. As text, since a bundle has no file of its own for it; the driver's place is handed over, since text has no
 * place to resolve it from.
 */
const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const Database = require(workerData.driver);
  const database = new Database(workerData.path, { timeout: 0 });
  parentPort.on("message", (mode) => {
    try {
      database.pragma("wal_checkpoint(" + mode + ")");
    } catch {
      // Readers, another program or a full disk are in the way; what was written stays in the log, and the next time will do.
    }
    parentPort.postMessage("over");
  });
`;

/** Folds a database's write-ahead log back into it, in a thread of its own: on the event loop that would hold up everything. */
export class Checkpointer {
  readonly #path: string;
  readonly #onOver: (mode: CheckpointMode) => void;
  #worker: Worker | undefined;
  #state: "resting" | CheckpointMode | "closed" = "resting";

  /** `onOver` is called after each pass, whatever came of it; what came into the log during a `PASSIVE` one is not folded in. */
  constructor(path: string, onOver: (mode: CheckpointMode) => void) {
    this.#path = path;
    this.#onOver = onOver;
  }

  /** Begins a pass; false when one is under way. */
  run(mode: CheckpointMode): boolean {
    if (this.#state !== "resting") return false;
    this.#state = mode;
    this.#worker ??= this.#start();
    this.#worker.postMessage(mode);
    return true;
  }

  async close(): Promise<void> {
    this.#state = "closed";
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const driver = createRequire(import.meta.url).resolve("better-sqlite3");
    const worker = new Worker(program, { eval: true, workerData: { driver, path: this.#path } });
    worker.unref();
    const over = (): void => {
      const mode = this.#state;
      if (mode === "resting" || mode === "closed") return;
      this.#state = "resting";
      this.#onOver(mode);
    };
    worker.on("message", over);
    // A thread that cannot be had: the log grows, and the next pass tries anew.
    worker.on("error", () => {
      this.#worker = undefined;
      over();
    });
    return worker;
  }
}
