import {
  definePlatform,
  PlatformError,
  type AnswerEnding,
  type CapabilityTable,
  type Chat,
  type Connection,
  type Cursor,
  type Ended,
  type Failure,
  type LiveMessage,
  type MessageEvent,
  type MessageRef,
  type Operations,
  type OutboundMessage,
  type Platform,
  type PlatformEvent,
  type PlatformHost,
  type SendOptions,
  type Sent,
} from "@hermes/core";
import { spokenMessage, textsPerSend } from "./spoken-message.ts";
import type { Call, Fault, ScriptedOptions, ScriptedPlatform, Spoken, Standing, ToldEnding } from "./script.ts";

/** A platform that does what the test says. */
export function createScriptedPlatform(options: ScriptedOptions): ScriptedPlatform {
  return new Script(options);
}

class Script implements ScriptedPlatform {
  readonly platform: Platform;
  readonly standing: Standing[] = [];
  readonly calls: Call[] = [];
  readonly grants = { used: 0, without: 0 };
  readonly endings: ToldEnding[] = [];
  readonly typing: { readonly active: boolean; readonly status?: string }[] = [];
  readonly #options: Required<Omit<ScriptedOptions, "claims" | "burst">> & Pick<ScriptedOptions, "burst">;
  readonly #faults: Fault[] = [];
  readonly #usedGrants = new Set<string>();
  readonly #sentKeys = new Map<string, Sent>();
  /** Where what was said under a key in an earlier process stands. */
  readonly #places = new Map<string, string>();
  #process = 0;
  #host: PlatformHost | undefined;
  #lose: ((ended: Ended) => void) | undefined;
  #count = 0;

  constructor(options: ScriptedOptions) {
    this.#options = { id: "scripted", maxLength: 1000, idempotentSend: false, lookup: false, ...options };
    this.platform = this.#define(options.claims ?? []);
  }

  #define(claims: Platform["claims"]): Platform {
    const { id, style, maxLength, idempotentSend, lookup, burst } = this.#options;
    const table = {
      text: { maxLength, partsPerSend: style === "final" ? textsPerSend : 1, markdown: "full", tables: false },
      inbound: { replay: "cursor", windowMs: 86_400_000, ...(burst === undefined ? {} : { burst }) },
      typing: { refreshMs: 4000 },
      idempotentSend,
      lookup,
    } as const satisfies CapabilityTable;
    const still = {
      apiVersion: 1,
      id,
      kind: "scripted",
      claims,
      measure: (markdown: string) => markdown.length,
      receive: async (request: Request, host: PlatformHost) => {
        await host.accept([this.message(await request.text())]);
        return new Response("ok");
      },
    } as const;
    switch (style) {
      case "edit":
        return definePlatform({
          ...still,
          capabilities: { ...table, edit: { minIntervalMs: 1000 } },
          connect: async (host) => ({ ...this.#connect(host), edit: (ref, message) => this.#edit(ref, message) }),
        });
      case "final":
        return definePlatform({ ...still, capabilities: table, connect: async (host) => this.#connect(host) });
      case "live":
        return definePlatform({
          ...still,
          capabilities: { ...table, live: true },
          connect: async (host) => ({
            ...this.#connect(host),
            openLive: (chat) => (this.#takeHang("open") ? new Promise<never>(() => undefined) : this.#openLive(chat)),
          }),
        });
      case "own":
        return definePlatform({
          ...still,
          capabilities: { ...table, live: "own", answerEnds: true },
          connect: async (host) => ({
            ...this.#connect(host),
            openLive: async (chat, live) => this.#meet("open", chat.ref.chatId, () => this.#openOwn(chat, live.idempotencyKey)),
            endAnswer: ({ ref }, origin, ending) => this.#noteEnding(ref.chatId, origin.message?.messageId ?? "", ending),
          }),
        });
    }
  }

  #connect(
    host: PlatformHost,
  ): Pick<Connection, "identity" | "listen" | "send" | "disconnect"> & Pick<Operations, "setTyping" | "findSent"> {
    this.#meet("connect", "", () => undefined);
    this.#host = host;
    return {
      identity: { id: "1", name: "bot" },
      listen: (signal) =>
        new Promise((resolve) => {
          this.#lose = resolve;
          signal.addEventListener("abort", () => resolve({ reason: "requested" }), { once: true });
        }),
      send: async (chat, message, options) => {
        if (this.#takeHang("send")) return await new Promise<Sent>(() => undefined);
        return this.#send(chat, message, options);
      },
      findSent: async (chat, key) => this.#meet("find", chat.ref.chatId, () => this.#sentKeys.get(key), key),
      setTyping: async (_chat, typing) => void this.typing.push(typing),
      disconnect: async () => undefined,
    };
  }

  /** Runs into the next fault for this kind of call, or acts. */
  #meet<T>(name: Fault["on"], chatId: string, act: () => T, key?: string): T {
    this.calls.push({ name, chatId, ...(key === undefined ? {} : { key }) });
    const at = this.#faults.findIndex((fault) => fault.on === name);
    const [fault] = at === -1 ? [] : this.#faults.splice(at, 1);
    if (fault === undefined) return act();
    if (fault.acted === true) act();
    const { failure, acted } = fault;
    throw new PlatformError({
      platform: this.#options.id,
      failure,
      message: `${name} was scripted to fail`,
      ...(acted === undefined ? {} : { maybeDone: acted || failure.kind === "unavailable" }),
    });
  }

  #takeHang(name: Fault["on"]): boolean {
    const at = this.#faults.findIndex((fault) => fault.on === name);
    if (this.#faults[at]?.hangs !== true) return false;
    this.#faults.splice(at, 1);
    return true;
  }

  #send(chat: Chat, message: OutboundMessage, options: SendOptions): Sent {
    this.#checkLengths(message.texts);
    return this.#meet("send", chat.ref.chatId, () => this.#stand(chat, message, options), options.idempotencyKey);
  }

  #stand(chat: Chat, message: OutboundMessage, options: SendOptions): Sent {
    const earlier = this.#options.idempotentSend ? this.#sentKeys.get(options.idempotencyKey) : undefined;
    if (earlier !== undefined) return earlier;
    this.#useGrant(options);
    const [first, ...rest] = message.texts.map((text): MessageRef => {
      const place = this.#takePlace(options.idempotencyKey);
      if (place === undefined) return this.#add(chat, text, false);
      place.text = text;
      return { ...chat.ref, messageId: place.id };
    });
    if (first === undefined) throw this.#error({ kind: "invalid" }, "there is nothing to say");
    const sent: Sent = [first, ...rest];
    this.#sentKeys.set(options.idempotencyKey, sent);
    return sent;
  }

  #useGrant({ origin }: SendOptions): void {
    if (this.#options.style !== "final") return;
    const grant = origin?.grant?.value;
    if (typeof grant !== "string") this.grants.without += 1;
    else if (this.#usedGrants.has(grant)) throw this.#error({ kind: "invalid" }, "this right to answer was used before");
    else {
      this.#usedGrants.add(grant);
      this.grants.used += 1;
    }
  }

  #add(chat: Chat, text: string, isLive: boolean): MessageRef {
    const id = `m${(this.#count += 1)}`;
    this.standing.push({ id, chatId: chat.ref.chatId, text, isLive });
    return { ...chat.ref, messageId: id };
  }

  async #edit(ref: MessageRef, message: OutboundMessage): Promise<void> {
    this.#checkLengths(message.texts);
    this.#meet("edit", ref.chatId, () => {
      const standing = this.standing.find(({ id }) => id === ref.messageId);
      if (standing === undefined) throw this.#error({ kind: "not-found", what: "message" }, "there is no such message");
      if (standing.text === message.texts[0]) throw this.#error({ kind: "not-modified" }, "it says that already");
      standing.text = message.texts[0] ?? "";
    });
  }

  async #openLive(chat: Chat): Promise<LiveMessage> {
    const ref = this.#meet("open", chat.ref.chatId, () => this.#add(chat, "", true));
    const grow = (name: "update" | "finish", text: string): void =>
      this.#meet(name, ref.chatId, () => {
        this.#checkLengths([text]);
        const standing = this.standing.find(({ id }) => id === ref.messageId);
        if (standing?.isLive !== true) throw this.#error({ kind: "not-found", what: "message" }, "this stream is closed");
        if (!text.startsWith(standing.text)) throw this.#error({ kind: "invalid" }, "a stream can only grow");
        standing.text = text;
        if (name === "finish") standing.isLive = false;
      });
    return {
      mode: "append",
      maxLength: this.#options.maxLength,
      minIntervalMs: 500,
      update: async (view) => grow("update", view.markdown),
      finish: async (view) => {
        grow("finish", view.markdown);
        return [ref];
      },
      abandon: async () => this.#vanish(ref.messageId),
    };
  }

  /** Of one process nothing happens behind its own back: what grows here runs into no fault. */
  #openOwn(chat: Chat, key: string): LiveMessage {
    const place = this.#takePlace(key);
    const ref = place === undefined ? this.#add(chat, "", true) : { ...chat.ref, messageId: place.id };
    const [standing, process] = [this.standing.find(({ id }) => id === ref.messageId), this.#process];
    if (standing !== undefined) Object.assign(standing, { text: "", isLive: true });
    const show = (text: string): void => {
      if (standing?.isLive !== true || process !== this.#process)
        throw this.#error({ kind: "not-found", what: "message" }, "this message is over");
      standing.text = text;
    };
    return {
      mode: "replace",
      maxLength: this.#options.maxLength,
      minIntervalMs: 30,
      update: async (view) => show(view.markdown),
      finish: async (view) => {
        show(view.markdown);
        if (standing !== undefined) standing.isLive = false;
        const sent: Sent = [ref];
        this.#sentKeys.set(key, sent);
        return sent;
      },
      abandon: async () => this.#vanish(ref.messageId),
    };
  }

  #takePlace(key: string): Standing | undefined {
    const id = this.#places.get(key);
    this.#places.delete(key);
    return this.standing.find((standing) => standing.id === id);
  }

  #vanish(messageId: string): void {
    const at = this.standing.findIndex(({ id }) => id === messageId);
    if (at >= 0) this.standing.splice(at, 1);
  }

  #noteEnding(chatId: string, messageId: string, ending: AnswerEnding): void {
    this.endings.push({ messageId, ending, process: this.#process, texts: this.texts(chatId) });
  }

  endProcess(): void {
    this.#process += 1;
    if (this.#options.style !== "own") return;
    for (const { id } of this.standing.filter(({ isLive }) => isLive)) this.#vanish(id);
    for (const [key, [ref]] of this.#sentKeys) this.#places.set(key, ref.messageId);
    this.#sentKeys.clear();
  }

  #checkLengths(texts: readonly string[]): void {
    const { maxLength, style } = this.#options;
    if (texts.length > (style === "final" ? textsPerSend : 1))
      throw this.#error({ kind: "invalid" }, "too many texts in one send");
    if (texts.some((text) => text.length > maxLength)) throw this.#error({ kind: "too-long" }, "the text is too long");
  }

  #error(failure: Failure, why: string): PlatformError {
    return new PlatformError({ platform: this.#options.id, failure, message: `Refused: ${why}` });
  }

  texts(chatId = "c1"): readonly string[] {
    return this.standing.filter((message) => message.chatId === chatId).map((message) => message.text);
  }

  fail(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  mend(): void {
    this.#faults.length = 0;
  }

  message(text: string, more: Partial<Spoken> = {}): MessageEvent {
    const id = more.eventId ?? `e${(this.#count += 1)}`;
    return spokenMessage({ platform: this.#options.id, id, text, more, hasGrants: this.#options.style === "final" });
  }

  async says(text: string, more: Partial<Spoken> = {}): Promise<string> {
    const [answer] = await this.offer([this.message(text, more)]);
    return answer ?? "nothing";
  }

  async offer(events: readonly PlatformEvent[], cursor?: Cursor): Promise<readonly string[]> {
    if (this.#host === undefined) throw new Error("The scripted platform is not connected yet");
    return await this.#host.accept(events, cursor);
  }

  lose(failure: Failure): void {
    this.#lose?.({ reason: "lost", error: this.#error(failure, "the connection broke") });
  }

  forget(): void {
    for (const told of [this.standing, this.calls, this.endings, this.typing]) told.length = 0;
    for (const known of [this.#usedGrants, this.#sentKeys, this.#places]) known.clear();
  }
}
