import { close, fdatasync, openSync } from "node:fs";
import { promisify } from "node:util";
import { StoreError } from "@hermes/runtime";
import type { Database, Statement } from "better-sqlite3";
import { LogKeeper } from "./log-keeper.ts";
import { storeError, toStoreError } from "./sqlite-error.ts";

/** A group of writes holds the event loop no longer than this. */
const maxGroupMs = 4;
/** How long a file that another program holds is waited for, off the event loop, unless told otherwise. */
const defaultMaxBusyMs = 10_000;
const busyRetryMs = 25;
/** More than this waits only where the disk has stopped: then platforms must be told to wait. */
const maxQueued = 20_000;
export interface WriteQueueOptions {
  readonly durability: "power" | "process";
  /** Whether this process still holds the store. */
  readonly checkFence: () => boolean;
  /** How long a file that another program holds is waited for. Default 10 000. */
  readonly maxBusyMs?: number;
  /** Stands in for the system's own in tests. */
  readonly flushToDisk?: (descriptor: number) => Promise<void>;
}

type Group = readonly { readonly write: Write; readonly value: unknown }[];

interface Write {
  /** Runs inside a transaction; what it answers is answered once that is durable. */
  run(): unknown;
  readonly resolve: (value: never) => void;
  reject(error: unknown): void;
}

/** One at a time, in order, many to a commit: the only way to write. */
export class WriteQueue {
  readonly #database: Database;
  readonly #path: string;
  readonly #durability: "power" | "process";
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #checkFence: () => boolean;
  readonly #maxBusyMs: number;
  readonly #logDescriptor: number;
  readonly #flushToDisk: (descriptor: number) => Promise<void>;
  #queued: Write[] = [];
  #isScheduled = false;
  #busySinceMs: number | undefined;
  #busyTimer: NodeJS.Timeout | undefined;
  readonly #log: LogKeeper;
  #isClosed = false;
  /** Committed, and not yet known to be on the disk. */
  #unsynced: Group[] = [];
  #syncing: Promise<void> | undefined;
  readonly #lost = new AbortController();

  constructor(database: Database, path: string, options: WriteQueueOptions) {
    this.#database = database;
    this.#path = path;
    this.#durability = options.durability;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#checkFence = options.checkFence;
    this.#maxBusyMs = options.maxBusyMs ?? defaultMaxBusyMs;
    this.#flushToDisk = options.flushToDisk ?? promisify(fdatasync);
    // SQLite takes no locks on this file, so that closing our own descriptor releases none of its.
    this.#logDescriptor = openSync(`${path}-wal`, "r");
    this.#log = new LogKeeper(database, path, () => this.#resume());
  }

  /** Aborted with a `StoreError` once nothing can be written any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Queues a write. It must not throw for what is merely refused: what it throws undoes only itself. */
  write<T>(run: () => T): Promise<T> {
    if (this.#isClosed) return Promise.reject(storeError("closed", this.#path));
    if (this.#lost.signal.aborted) return Promise.reject(this.#lost.signal.reason as StoreError);
    if (this.#queued.length >= maxQueued) return Promise.reject(storeError("busy", this.#path));
    return new Promise<T>((resolve, reject) => {
      this.#queued.push({ run, resolve, reject });
      this.#schedule();
    });
  }

  /** Writes what is queued and ends. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#busyTimer);
    while (this.#queued.length > 0 && this.#busySinceMs === undefined) {
      this.#flush();
    }
    for (const write of this.#queued.splice(0)) write.reject(storeError("closed", this.#path));
    await this.#syncing;
    await this.#log.close();
    await promisify(close)(this.#logDescriptor);
  }

  #schedule(): void {
    // While another program holds the file a timer looks again: each write looking for itself would only keep the processor busy.
    if (this.#isScheduled || this.#busyTimer !== undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      // The log's keeper says when to go on.
      if (this.#log.isHolding) return;
      if (this.#queued.length > 0) this.#flush();
      if (this.#queued.length > 0 && this.#busySinceMs === undefined) this.#schedule();
    });
  }

  #resume(): void {
    if (this.#queued.length > 0 && !this.#isClosed) this.#schedule();
  }

  #flush(): void {
    const group: { readonly write: Write; readonly value: unknown }[] = [];
    const untilMs = performance.now() + maxGroupMs;
    try {
      this.#begin.run();
      this.#busySinceMs = undefined;
    } catch (error) {
      this.#cannotBegin(error);
      return;
    }
    let current: Write | undefined;
    try {
      if (!this.#checkFence()) throw storeError("fenced", this.#path);
      while (performance.now() < untilMs && (current = this.#queued.shift()) !== undefined) {
        group.push({ write: current, value: current.run() });
        current = undefined;
      }
      this.#commit.run();
    } catch (error) {
      this.#undo(
        group.map(({ write }) => write),
        current,
        error,
      );
      return;
    }
    this.#settle(group);
  }

  /** Nothing of the group happened. The one at fault is told; the others go again, without it. */
  #undo(group: Write[], atFault: Write | undefined, error: unknown): void {
    const reason = toStoreError(error, this.#path);
    try {
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
    } catch {
      // SQLite itself rolls back what it cannot roll back on request; the reason above says what went wrong.
    }
    if (atFault !== undefined) {
      atFault.reject(reason);
      this.#queued = [...group, ...this.#queued];
    } else {
      // The commit or the fence: it concerns them all.
      for (const write of group) write.reject(reason);
      if (reason.code === "fenced") this.#lose([], reason);
    }
  }

  #cannotBegin(error: unknown): void {
    const reason = toStoreError(error, this.#path);
    this.#busySinceMs ??= performance.now();
    if (reason.code === "busy" && performance.now() - this.#busySinceMs < this.#maxBusyMs && !this.#isClosed) {
      this.#busyTimer = setTimeout(() => {
        this.#busyTimer = undefined;
        this.#schedule();
      }, busyRetryMs);
      return;
    }
    this.#busySinceMs = undefined;
    for (const write of this.#queued.splice(0)) write.reject(reason);
  }

  #settle(group: Group): void {
    if (this.#lost.signal.aborted) this.#lose(group, this.#lost.signal.reason as StoreError);
    else if (this.#durability === "process") answer(group);
    else {
      this.#unsynced.push(group);
      this.#syncing ??= this.#sync();
    }
    this.#log.noteCommit();
  }

  /**
   * What was written may still be in the machine's memory; waiting for the disk goes on outside the event loop, once for all that was
   * committed meanwhile. Answers come in the order of the writes.
   */
  async #sync(): Promise<void> {
    while (this.#unsynced.length > 0) {
      const groups = this.#unsynced.splice(0);
      try {
        await this.#flushToDisk(this.#logDescriptor);
      } catch (error) {
        this.#lose([...groups, ...this.#unsynced.splice(0)].flat(), notKept(this.#path, error));
        break;
      }
      for (const group of groups) answer(group);
    }
    this.#syncing = undefined;
  }

  /**
   * Nothing is written here any more. After a failed flush the system may have dropped what it could not write, and says yes the
   * next time: nobody can trust this file any more.
   */
  #lose(group: Group, reason: StoreError): void {
    if (!this.#lost.signal.aborted) this.#lost.abort(reason);
    for (const { write } of group) write.reject(reason);
    for (const write of this.#queued.splice(0)) write.reject(reason);
  }
}

function answer(group: Group): void {
  for (const { write, value } of group) write.resolve(value as never);
}

function notKept(path: string, cause?: unknown): StoreError {
  // Some file systems find room for what was written only now.
  const isFull = toStoreError(cause, path).code === "full";
  const remedy = isFull ? "it is full; make room and restart" : "look after the disk and restart";
  const message = `The database ${path} cannot be used: its disk did not keep what was written; ${remedy}`;
  return new StoreError(isFull ? "full" : "unavailable", message, cause === undefined ? undefined : { cause });
}
