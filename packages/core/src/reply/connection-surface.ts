import type { Chat, MessageRef } from "../address.ts";
import { systemClock, type Clock } from "../clock.ts";
import type { LiveMessage } from "../live.ts";
import type { OutboundFile, OutboundMessage, SendOptions } from "../message.ts";
import { PlatformError, toPlatformError, type Failure } from "../platform-error.ts";
import type { Connection } from "../platform.ts";
import { isVisible } from "../text/length.ts";
import { GrantUses } from "./grant-uses.ts";
import type { LiveLimits, PartFile, ShowRequest, ShowResult } from "./state.ts";
import type { ReplySurface } from "./surface.ts";

export interface ConnectionSurfaceOptions {
  readonly connection: Pick<Connection, "send" | "edit" | "remove" | "openLive" | "findSent">;
  readonly chat: Chat;
  readonly options: Omit<SendOptions, "idempotencyKey">;
  /** The same for every try of one part. */
  readonly idempotencyKey: (key: string) => string;
  /** The bytes of files that somebody keeps. Default: only those that `hold` was given. */
  readonly openFile?: (file: PartFile) => Promise<ReadableStream<Uint8Array>>;
  /** Tells when a reply grant has expired. Default: the machine's clock. */
  readonly clock?: Clock;
}

/** Shows one reply in a chat of a connection. */
export function createConnectionSurface(options: ConnectionSurfaceOptions): ReplySurface {
  return new ConnectionSurface(options);
}

class ConnectionSurface implements ReplySurface {
  readonly #target: ConnectionSurfaceOptions;
  readonly #grant: GrantUses;
  readonly #lives = new Map<number, LiveMessage>();
  readonly #held = new Map<string, OutboundFile>();
  /** Parts that were shown in another way before their live message came. */
  readonly #shownWithout = new Set<number>();
  #quote: MessageRef | undefined;

  constructor(target: ConnectionSurfaceOptions) {
    this.#target = target;
    this.#grant = new GrantUses(target.options.origin, target.clock ?? systemClock);
    this.#quote = target.options.quote;
  }

  async open(part: number): Promise<LiveLimits | null> {
    const { connection, chat } = this.#target;
    try {
      const live = (await connection.openLive?.(chat, this.#optionsFor(`${part}`))) ?? null;
      if (live === null) return null;
      if (this.#shownWithout.has(part)) {
        // Nobody waited for it: shown there now, the part would be said twice.
        await abandon(live);
        return null;
      }
      this.#lives.set(part, live);
      const { mode, maxLength, minIntervalMs, expiresAfterMs } = live;
      return { mode, maxLength, minIntervalMs, ...(expiresAfterMs === undefined ? {} : { expiresAfterMs }) };
    } catch {
      // An answer that cannot be shown live is shown all the same.
      return null;
    }
  }

  async show(request: ShowRequest): Promise<ShowResult> {
    try {
      return { kind: "shown", refs: (await this.#find(request)) ?? (await this.#call(request)) };
    } catch (thrown) {
      const error = toPlatformError(thrown, this.#target.chat.ref.platform);
      await this.#letGo(request, error);
      return { kind: "failed", failure: error.failure, maybeDone: error.maybeDone };
    }
  }

  /** The messages of a send that may have happened, if it did. */
  async #find({ inDoubt, refs, part, key, firstCalledAtMs }: ShowRequest): Promise<readonly MessageRef[] | undefined> {
    const { connection, chat, idempotencyKey } = this.#target;
    if (!inDoubt || refs.length > 0 || connection.findSent === undefined) return undefined;
    try {
      const found = await connection.findSent(chat, idempotencyKey(key), firstCalledAtMs);
      if (found !== undefined) this.#lives.delete(part);
      return found;
    } catch (thrown) {
      const { failure } = toPlatformError(thrown, chat.ref.platform);
      const message = "Cannot tell whether a message was sent";
      // As long as nobody says, the send may have happened, whatever kept this question from being answered.
      throw new PlatformError({
        platform: chat.ref.platform,
        failure: askable(failure),
        message,
        maybeDone: true,
        cause: thrown,
      });
    }
  }

  async #call(request: ShowRequest): Promise<readonly MessageRef[]> {
    const live = this.#lives.get(request.part);
    if (live !== undefined) return await this.#showLive(live, request);
    this.#shownWithout.add(request.part);
    if (request.texts.length === 0) return await this.#remove(request.refs);
    return request.refs.length === 0 ? await this.#send(request) : await this.#edit(request);
  }

  async #showLive(live: LiveMessage, { part, texts, final, tools }: ShowRequest): Promise<readonly MessageRef[]> {
    const view = { markdown: texts.join("\n\n"), steps: tools };
    if (!final) {
      await live.update(view);
      return [];
    }
    const refs = await live.finish(view);
    this.#lives.delete(part);
    return refs;
  }

  async #send(request: ShowRequest): Promise<readonly MessageRef[]> {
    const { connection, chat } = this.#target;
    let unread: Failure["kind"] | undefined;
    const message = this.#messageOf(request, (error) => (unread = isPassing(error) ? "unavailable" : "invalid"));
    const send = () => this.#grant.spend(() => connection.send(chat, message, this.#optionsFor(request.key)));
    try {
      return await send();
    } catch (thrown) {
      if (unread === "unavailable") throw this.#unreadable(thrown);
      if (unread !== undefined) throw this.#impossible("Cannot send a file: its bytes cannot be read");
      const { failure } = toPlatformError(thrown, chat.ref.platform);
      if (this.#quote === undefined || failure.kind !== "not-found" || failure.what !== "message") throw thrown;
      // The message that would be quoted was deleted meanwhile: its answer does not depend on it.
      this.#quote = undefined;
      return await send();
    }
  }

  /** A caption may be missing; a text may not. */
  #messageOf({ texts, files, actions }: ShowRequest, onUnread: (error: unknown) => void): OutboundMessage {
    const open = async (file: PartFile): Promise<ReadableStream<Uint8Array>> => {
      try {
        return await this.#open(file);
      } catch (error) {
        onUnread(error);
        throw error;
      }
    };
    const opened = files.map((file): OutboundFile => ({ ...file, open: () => open(file) }));
    return { texts: files.length === 0 ? texts : texts.map((text) => text.trimEnd()).filter(isVisible), files: opened, actions };
  }

  hold(file: OutboundFile): string {
    const key = `held-${this.#held.size + 1}`;
    this.#held.set(key, file);
    return key;
  }

  async #open(file: PartFile): Promise<ReadableStream<Uint8Array>> {
    const held = this.#held.get(file.key);
    if (held !== undefined) return await held.open();
    if (this.#target.openFile !== undefined) return await this.#target.openFile(file);
    throw this.#impossible("Cannot send a file: nobody has kept its bytes");
  }

  async #edit(request: ShowRequest): Promise<readonly MessageRef[]> {
    const { refs, texts, key } = request;
    const { connection } = this.#target;
    if (connection.edit === undefined) throw this.#impossible("Cannot edit a message: the connection has no `edit`");
    for (const [index, text] of texts.entries()) {
      const ref = refs[index];
      if (ref !== undefined)
        await ignoringNotModified(
          connection.edit(ref, { texts: [text], files: [], actions: request.actions }, this.#optionsFor(key)),
        );
    }
    if (texts.length <= refs.length) return refs;
    return [...refs, ...(await this.#send({ ...request, texts: texts.slice(refs.length), refs: [] }))];
  }

  async #remove(refs: readonly MessageRef[]): Promise<readonly MessageRef[]> {
    const { connection } = this.#target;
    if (connection.remove === undefined) throw this.#impossible("Cannot remove a message: the connection has no `remove`");
    for (const ref of refs) await connection.remove(ref);
    return [];
  }

  /** A live message that will not be asked again is given up; one that only grows stays as it stands. */
  async #letGo({ part, final }: ShowRequest, { failure }: PlatformError): Promise<void> {
    const live = this.#lives.get(part);
    const isRefused = failure.kind === "not-found" || (final && ["forbidden", "unauthorized", "invalid"].includes(failure.kind));
    if (live === undefined || !isRefused) return;
    this.#lives.delete(part);
    if (live.mode !== "append") await abandon(live);
  }

  async giveUpLive(): Promise<void> {
    const lives = [...this.#lives.values()];
    this.#lives.clear();
    for (const live of lives) await abandon(live);
  }

  #optionsFor(key: string): SendOptions {
    const { origin: _origin, quote: _quote, ...options } = this.#target.options;
    const origin = this.#grant.origin();
    return {
      ...options,
      idempotencyKey: this.#target.idempotencyKey(key),
      ...(origin === undefined ? {} : { origin }),
      ...(this.#quote === undefined ? {} : { quote: this.#quote }),
    };
  }

  /** It may be read later, and nothing was sent without it. */
  #unreadable(cause: unknown): PlatformError {
    const { platform } = this.#target.chat.ref;
    const message = "Cannot send a file: its bytes cannot be read now";
    return new PlatformError({ platform, failure: { kind: "unavailable" }, message, maybeDone: false, cause });
  }

  #impossible(message: string): PlatformError {
    return new PlatformError({ platform: this.#target.chat.ref.platform, failure: { kind: "invalid" }, message });
  }
}

/** The machine is short of something: the file is there all the same. */
function isPassing(error: unknown): boolean {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && ["EMFILE", "ENFILE", "EAGAIN", "EBUSY", "ENOMEM"].includes(code);
}

async function abandon(live: LiveMessage): Promise<void> {
  try {
    await live.abandon();
  } catch {
    // It is gone already, as far as we can tell; its text is shown in another way.
  }
}

/** What is refused of a question says nothing about what was asked for. */
function askable(failure: Failure): Failure {
  return failure.kind === "rate-limited" ? failure : { kind: "unavailable" };
}

async function ignoringNotModified(edit: Promise<void>): Promise<void> {
  try {
    await edit;
  } catch (thrown) {
    if (toPlatformError(thrown, "").failure.kind !== "not-modified") throw thrown;
  }
}
