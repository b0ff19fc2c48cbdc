import type { Failure, LiveLimits, MessageRef, ShowRequest, ShowResult } from "../../src/index.ts";

/** What goes wrong with one call. `lost` and `acted` both look like a broken connection: only one of them did what it was asked. */
export type Fault =
  | { readonly kind: "rate-limited"; readonly retryAfterMs?: number }
  /** Nothing is asked of the server: whoever asks it knows that it would refuse. */
  | { readonly kind: "deferred"; readonly forMs: number }
  | {
      readonly kind:
        | "none"
        | "down"
        | "lost"
        | "acted"
        | "aborted"
        | "deleted"
        | "vanished"
        | "not-modified"
        | "invalid"
        | "forbidden"
        | "too-long"
        | "gone";
    };

export interface ServerMessage {
  readonly ref: MessageRef;
  text: string;
  readonly hasFiles: boolean;
  deleted: boolean;
  /** Its send was answered with an error, so that nobody knows of it. */
  orphaned: boolean;
  readonly key: string;
  readonly atMs: number;
}

export interface ServerOptions {
  readonly maxLength: number;
  readonly measure: (text: string) => number;
  /** It drops repetitions: always, or of what came within so long. */
  readonly idempotent: boolean | { readonly withinMs: number };
  /** It says whether a send happened. */
  readonly answers?: boolean;
  readonly textsPerSend: number;
  readonly live?: LiveLimits | null;
  /** The true limit, where it is not the one that was declared. */
  readonly refusesAbove?: number;
}

interface Live {
  text: string;
  message: ServerMessage | undefined;
}

/** The part that a send belongs to. */
export function partOf(key: string): number {
  return Number(key.split(".", 1)[0]);
}

/** A platform that keeps what it shows, fails as it is told, and complains of nothing it was not told to. */
export class ScriptedServer {
  readonly messages: ServerMessage[] = [];
  /** What a well-behaved client never does. */
  readonly violations: string[] = [];
  readonly edits: { readonly messageId: string; readonly atMs: number }[] = [];
  readonly #options: ServerOptions;
  readonly #faults: Fault[];
  readonly #lives = new Map<number, Live>();
  #isGone = false;
  #nowMs = 0;

  constructor(options: ServerOptions, faults: readonly Fault[] = []) {
    this.#options = options;
    this.#faults = [...faults];
  }

  /** The next calls go wrong in these ways. */
  failNext(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  /** What a reader sees. */
  get texts(): readonly string[] {
    return this.messages.filter((message) => !message.deleted).map((message) => message.text);
  }

  /** The process that made the calls is gone: what it did not hear of, nobody knows. Its live messages go on without it. */
  forget(known: readonly MessageRef[]): void {
    const ids = new Set(known.map(({ messageId }) => messageId));
    for (const message of this.messages) message.orphaned ||= !ids.has(message.ref.messageId);
    this.#lives.clear();
  }

  textAt(ref: MessageRef): string | undefined {
    const message = this.messages.find(({ ref: { messageId } }) => messageId === ref.messageId);
    return message === undefined || message.deleted ? undefined : message.text;
  }

  open(part: number): LiveLimits | null {
    const { live = null } = this.#options;
    if (live === null || this.#isGone) return null;
    // A stream is a message from its first character on, a draft only once it is finished.
    this.#lives.set(part, { text: "", message: live.mode === "append" ? this.#post("", `${part}`, false) : undefined });
    return live;
  }

  call(request: ShowRequest, nowMs: number): ShowResult {
    this.#check(request);
    this.#nowMs = nowMs;
    const fault = this.#faults.shift() ?? { kind: "none" };
    if (fault.kind === "deferred") return { kind: "deferred", untilMs: nowMs + fault.forMs };
    if (fault.kind === "gone") this.#isGone = true;
    if (this.#isGone) return failed({ kind: "not-found", what: "chat" });
    if (request.texts.some((text) => this.#options.measure(text) > this.#options.maxLength)) {
      this.violations.push(`too long: ${JSON.stringify(request.texts)}`);
    }
    if (request.texts.some((text) => this.#options.measure(text) > (this.#options.refusesAbove ?? Number.POSITIVE_INFINITY))) {
      return failed({ kind: "too-long" });
    }
    switch (fault.kind) {
      case "none":
      case "gone":
        return this.#do(request, nowMs, false);
      case "rate-limited":
        return failed({
          kind: "rate-limited",
          ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
        });
      case "down":
        return failed({ kind: "unavailable" });
      case "lost":
        return failed({ kind: "unavailable" }, true);
      case "aborted":
        return failed({ kind: "aborted" }, true);
      case "acted":
        this.#do(request, nowMs, true);
        return failed({ kind: "unavailable" }, true);
      case "deleted":
        for (const ref of request.refs) this.#find(ref).deleted = true;
        return this.#do(request, nowMs, false);
      case "vanished":
        for (const ref of request.refs) this.#find(ref).deleted = true;
        this.#vanish(request.part);
        return failed({ kind: "not-found", what: "message" });
      case "too-long":
        return this.#mayBeTooLong(request) ? failed({ kind: "too-long" }) : this.#do(request, nowMs, false);
      case "not-modified":
      case "invalid":
      case "forbidden":
        return failed({ kind: fault.kind });
    }
  }

  #do(request: ShowRequest, nowMs: number, hidden: boolean): ShowResult {
    const isAsked = request.inDoubt && request.refs.length === 0 && this.#options.answers === true;
    const before = isAsked ? this.#found(request.key, hidden) : [];
    if (before.length > 0) return { kind: "shown", refs: before };
    const live = this.#lives.get(request.part);
    if (live !== undefined && request.refs.length === 0) return this.#showLive(live, request, hidden);
    if (request.texts.length === 0) {
      for (const ref of request.refs) this.#find(ref).deleted = true;
      return { kind: "shown", refs: [] };
    }
    return request.refs.length === 0 ? this.#send(request, hidden) : this.#edit(request, nowMs);
  }

  /** What it took before is not too long, nor is a line or two. */
  #mayBeTooLong({ part, texts }: ShowRequest): boolean {
    return texts.some((text) => text.length > 80) && !this.messages.some(({ key }) => partOf(key) === part);
  }

  #send({ key, texts, files }: Pick<ShowRequest, "key" | "texts" | "files">, hidden: boolean): ShowResult {
    const before = this.#found(key, hidden, this.#forgetsBeforeMs());
    if (before.length > 0) return { kind: "shown", refs: before };
    const shown = files.length === 0 ? texts : [filesText(files) + texts.join("\n")];
    return { kind: "shown", refs: shown.map((text) => this.#post(text, key, hidden, files.length > 0).ref) };
  }

  /** Sends before this moment are not known by their keys. */
  #forgetsBeforeMs(): number {
    const { idempotent } = this.#options;
    if (typeof idempotent === "object") return this.#nowMs - idempotent.withinMs;
    return idempotent ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** What an earlier send of this part made. */
  #found(key: string, hidden: boolean, sinceMs = Number.NEGATIVE_INFINITY): readonly MessageRef[] {
    const before = this.messages.filter((message) => message.key === key && message.atMs >= sinceMs);
    for (const message of before) message.orphaned = hidden;
    return before.map((message) => message.ref);
  }

  #edit({ refs, texts }: ShowRequest, nowMs: number): ShowResult {
    const message = this.#find(refs[0]);
    if (message.hasFiles) this.violations.push(`wrote ${JSON.stringify(texts)} over files`);
    if (message.deleted) return failed({ kind: "not-found", what: "message" });
    if (message.text === texts[0]) return failed({ kind: "not-modified" });
    this.edits.push({ messageId: message.ref.messageId, atMs: nowMs });
    message.text = texts[0] ?? "";
    return { kind: "shown", refs };
  }

  #showLive(live: Live, { part, key, texts, final }: ShowRequest, hidden: boolean): ShowResult {
    const text = texts.join("\n\n");
    if (live.message !== undefined) {
      if (!text.startsWith(live.message.text))
        this.violations.push(`rewrote ${JSON.stringify(live.message.text)} as ${JSON.stringify(text)}`);
      live.message.text = text;
      if (final && !hidden) this.#lives.delete(part);
      return { kind: "shown", refs: final ? [live.message.ref] : [] };
    }
    live.text = text;
    if (!final) return { kind: "shown", refs: [] };
    const sent = this.#send({ key, texts: [text], files: [] }, hidden);
    if (!hidden) this.#lives.delete(part);
    return sent;
  }

  #vanish(part: number): void {
    const live = this.#lives.get(part);
    if (live?.message !== undefined) live.message.deleted = true;
    this.#lives.delete(part);
  }

  #post(text: string, key: string, orphaned: boolean, hasFiles = false): ServerMessage {
    const messageId = `m${this.messages.length}`;
    const message: ServerMessage = {
      ref: { platform: "test", chatId: "c", messageId },
      text,
      hasFiles,
      deleted: false,
      orphaned,
      key,
      atMs: this.#nowMs,
    };
    this.messages.push(message);
    return message;
  }

  #find(ref: MessageRef | undefined): ServerMessage {
    const message = this.messages.find((message) => message.ref.messageId === ref?.messageId);
    if (message === undefined) throw new Error(`There is no message ${ref?.messageId}`);
    return message;
  }

  #check({ texts, refs, files }: ShowRequest): void {
    if (texts.length > Math.max(1, this.#options.textsPerSend)) this.violations.push(`${texts.length} texts in one send`);
    if (files.length === 0 && texts.some((text) => text.trim() === "")) this.violations.push("an empty text");
    if (texts.length === 0 && refs.length === 0) this.violations.push("nothing to show");
  }
}

function failed(failure: Failure, maybeDone = false): ShowResult {
  return { kind: "failed", failure, maybeDone };
}

/** How files look to whoever reads the chat. */
export function filesText(files: readonly { readonly name: string }[]): string {
  return files.map(({ name }) => `<${name}>`).join("");
}
