import type { Database } from "better-sqlite3";
import { Checkpointer } from "./checkpointer.ts";

/** How often the write-ahead log is folded into the database while there are writes. */
const foldEveryMs = 1000;
/** A log of this size is begun anew. */
const longLogBytes = 16 * 1024 * 1024;
/** Asking how long it is costs more than a small write. */
const lookEvery = 8;
/** At this size writes wait until it is folded in. */
const maxLogBytes = 48 * 1024 * 1024;

interface LogState {
  /** Pages in the log. */
  readonly log: number;
  /** How many of them are in the database as well. */
  readonly checkpointed: number;
}

const unknown: LogState = { log: 0, checkpointed: 0 };

/**
 * Keeps the write-ahead log from growing. Its file is not cut: SQLite writes over it from the beginning once all of it is folded in,
 * and writing over what is there spares the disk the work of a growing file. While there are writes that moment never comes by
 * itself, so that they wait for it: after a pass beside them only its tail is left to fold in, which is soon done.
 */
export class LogKeeper {
  readonly #database: Database;
  readonly #checkpointer: Checkpointer;
  readonly #onRelease: () => void;
  readonly #pageBytes: number;
  /** `folding`: beside the writes. `closing-up`: what came meanwhile, while writes wait. */
  #state: "resting" | "folding" | "closing-up" = "resting";
  #isHolding = false;
  #commits = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Somebody else reads what is in the log: it is not tried all the time. */
  #notBeforeMs = 0;

  /** `onRelease` is called when writes that had to wait may go on. */
  constructor(database: Database, path: string, onRelease: () => void) {
    this.#database = database;
    this.#onRelease = onRelease;
    this.#pageBytes = Number(database.pragma("page_size", { simple: true }));
    this.#checkpointer = new Checkpointer(path, (how) => this.#passed(how));
  }

  /** Writes are to wait. One that does not harms nothing but the log's length. */
  get isHolding(): boolean {
    return this.#isHolding;
  }

  /** To be called after each commit. */
  noteCommit(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#state === "resting") this.#fold();
    }, foldEveryMs).unref();
    this.#commits += 1;
    if (this.#commits % lookEvery !== 0) return;
    const lengthBytes = this.#lengthBytes();
    if (this.#state === "resting" && lengthBytes > longLogBytes && performance.now() >= this.#notBeforeMs) this.#fold();
    else if (this.#state === "folding" && lengthBytes > maxLogBytes) this.#isHolding = true;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#checkpointer.close();
  }

  #fold(): void {
    this.#state = "folding";
    this.#checkpointer.run();
  }

  #passed(how: "passed" | "no-thread"): void {
    // Here it holds up everything, which is better than a log without end.
    if (how === "no-thread") this.#foldHere();
    else if (this.#state === "folding" && this.#lengthBytes() > longLogBytes) {
      this.#state = "closing-up";
      this.#isHolding = true;
      this.#checkpointer.run();
      return;
    }
    this.#state = "resting";
    this.#notBeforeMs = this.#isFolded() ? 0 : performance.now() + foldEveryMs;
    if (!this.#isHolding) return;
    this.#isHolding = false;
    this.#onRelease();
  }

  #foldHere(): void {
    try {
      this.#database.pragma("wal_checkpoint(PASSIVE)");
    } catch {
      // Another program or a full disk is in the way; what was written stays in the log, and the next time will do.
    }
  }

  #lengthBytes(): number {
    const { log, checkpointed } = this.#logState();
    return log === checkpointed ? 0 : log * this.#pageBytes;
  }

  #isFolded(): boolean {
    const { log, checkpointed } = this.#logState();
    return log === checkpointed;
  }

  #logState(): LogState {
    try {
      const [state] = this.#database.pragma("wal_checkpoint(NOOP)") as LogState[];
      return state ?? unknown;
    } catch {
      // It is looked at again after the next commit.
      return unknown;
    }
  }
}
