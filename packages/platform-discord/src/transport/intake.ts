import { pause, type Author, type Clock, type PlatformEvent, type PlatformHost } from "@hermes/core";
import { z } from "zod";
import type { Api } from "../api.ts";
import { decodeDispatch, decodeGuildGone, decodeGuildJoined } from "../decode.ts";
import { isSpokenIn, isThread, readGuild, type Guild, type RawChannel } from "../decode/channels.ts";
import type { Directory } from "../decode/directory.ts";
import type { LatestTexts } from "../decode/latest-texts.ts";
import { contentHash } from "../decode/payload.ts";
import type { DecodeContext } from "../decode/place.ts";
import { idAt, isLater, isSnowflake, timeOf } from "../decode/snowflakes.ts";
import { catchUpMs, readHistory, type HistoryParts } from "./catch-up.ts";
import type { Dispatch } from "./gateway-socket.ts";
import { lookUp, noteChannels } from "./look-up.ts";
import { firstPauseMs, maxPauseMs, patienceWith, type Patience } from "./patience.ts";
import type { Settling } from "./settling.ts";
import { asJson, stateKey, type DirectChats, type GatewayState } from "./state.ts";

export interface IntakeParts {
  readonly platform: string;
  readonly botId: string;
  readonly applicationId: string;
  readonly autoThread: boolean;
  readonly api: Api;
  readonly host: PlatformHost;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly texts: LatestTexts;
  readonly settling: Settling;
  readonly directs: DirectChats;
}

/** Messages get their ids in several places at once: one may be told of after another that has a later id. */
const disorderMs = 5000;
/** A new message is not older than this, unless the machine's clock was ahead. */
const clockErrorMs = 60_000;
/** Servers that are out of order do not come; they are not waited for any longer. */
const arrivalMs = 2 * 60_000;
const readySchema = z.object({
  session_id: z.string().min(1),
  resume_gateway_url: z.string(),
  guilds: z.array(z.object({ id: z.string() })).catch([]),
});

/** What waits for the history of servers after a new session. */
interface Gap {
  readonly since: string;
  /** How long the next server may stay away, counted from when the last was read. */
  untilMs: number;
  readonly awaited: Set<string>;
}

/** Turns dispatches into events that are stored, in order, and keeps the state that is stored with them. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #signal: AbortSignal;
  readonly #patience: Patience;
  #state: GatewayState;
  #gap: Gap | undefined;

  constructor(parts: IntakeParts, state: GatewayState, signal: AbortSignal) {
    this.#parts = parts;
    this.#state = state;
    this.#signal = signal;
    this.#patience = patienceWith({ clock: parts.clock, logger: parts.host.logger, signal });
  }

  get state(): GatewayState {
    return this.#state;
  }

  /** The next connection begins anew; what it does not tell is caught up on. */
  forgetSession(): void {
    this.#state = { ...this.#state, session: null };
    this.#gap = undefined;
  }

  /** Stores what was acknowledged without an event. */
  async save(): Promise<void> {
    await this.#parts.host.memory.set(stateKey(this.#parts.botId), asJson(this.#state));
  }

  async handle(batch: readonly Dispatch[]): Promise<void> {
    const [first] = batch;
    const last = batch.at(-1);
    if (first === undefined || last === undefined) return;
    switch (first.name) {
      case "READY":
        return this.#begin(first);
      case "RESUMED":
        this.#acknowledge(last.sequence);
        return this.#parts.host.report("up");
      case "GUILD_CREATE":
        return this.#meetGuild(first);
      case "GUILD_DELETE":
        return this.#loseGuild(first);
      default: {
        const events: PlatformEvent[] = [];
        for (const dispatch of batch) events.push(...(await this.#read(dispatch)));
        const ids = batch.flatMap(({ name, data }) => (name === "MESSAGE_CREATE" ? messageId(data) : []));
        const chats = directsIn(events);
        const directs = [...this.#state.directs, ...this.#parts.directs.unknown(chats)];
        await this.#store(events, last.sequence, ids, directs);
        return this.#noteDirects(chats);
      }
    }
  }

  async #begin({ data, sequence }: Dispatch): Promise<void> {
    const ready = readySchema.parse(data);
    const { host, clock, directs, api } = this.#parts;
    const { position } = this.#state;
    const earliest = idAt(clock.now() - catchUpMs);
    const since = position === null ? undefined : idAt(timeOf(position) - disorderMs);
    this.#state = {
      session: { id: ready.session_id, url: ready.resume_gateway_url, sequence },
      position: position ?? idAt(clock.now()),
      isCaughtUp: position === null,
      directs: this.#state.directs,
    };
    if (since !== undefined && isLater(earliest, since)) {
      host.logger.warn("The bot was away for more than a day; messages from before that day are left out");
    }
    await this.#store([], sequence, []);
    host.report("up");
    if (since === undefined) return;
    const after = isLater(earliest, since) ? earliest : since;
    this.#gap = { since: after, untilMs: clock.now() + arrivalMs, awaited: new Set(ready.guilds.map(({ id }) => id)) };
    for (const channelId of directs.ids) {
      const channel = await this.#patience.reached(() => api.getChannel(channelId, this.#signal));
      if (channel !== undefined) await this.#catchUp(channel, undefined, after);
    }
    this.#gap.untilMs = clock.now() + arrivalMs;
    await this.#closeGap();
  }

  async #meetGuild({ data, sequence }: Dispatch): Promise<void> {
    const { directory, botId } = this.#parts;
    const guild = readGuild(data);
    if (guild === undefined) return this.#acknowledge(sequence);
    directory.noteGuild(guild, botId);
    const gap = this.#gap;
    const joined = guild.joinedMs > timeOf(gap?.since ?? this.#state.position ?? "0") ? this.#joined(guild, sequence) : [];
    await this.#persist(joined);
    if (gap !== undefined) {
      for (const channel of [...guild.channels, ...guild.threads]) await this.#catchUp(channel, guild.id, gap.since);
      gap.awaited.delete(guild.id);
      gap.untilMs = this.#parts.clock.now() + arrivalMs;
    }
    this.#acknowledge(sequence);
    await this.#closeGap();
  }

  #joined(guild: Guild, sequence: number): readonly PlatformEvent[] {
    return decodeGuildJoined(guild, this.#context(sequence));
  }

  async #loseGuild({ data, sequence }: Dispatch): Promise<void> {
    const { id, unavailable } = (typeof data === "object" && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
    // Out of order: it comes back by itself.
    if (typeof id !== "string" || unavailable === true) return this.#acknowledge(sequence);
    await this.#store(decodeGuildGone(id, this.#context(sequence)), sequence, []);
    this.#parts.directory.forgetGuild(id);
  }

  /** Everything of the last session was told or read: from here on the position counts. */
  async #closeGap(): Promise<void> {
    const gap = this.#gap;
    if (gap === undefined || (gap.awaited.size > 0 && this.#parts.clock.now() < gap.untilMs)) return;
    this.#gap = undefined;
    this.#state = { ...this.#state, isCaughtUp: true, position: laterOf(this.#state.position, idAt(this.#parts.clock.now())) };
    await this.#persist([]);
  }

  async #catchUp(channel: RawChannel, guildId: string | undefined, since: string): Promise<void> {
    const lastId = channel.last_message_id;
    if (typeof lastId !== "string" || !isLater(lastId, since)) return;
    if (guildId !== undefined && !isSpokenIn(channel.type) && !isThread(channel.type)) return;
    for await (const page of readHistory(channel.id, guildId, since, this.historyParts())) await this.#persist(page.events);
  }

  /** What reading a channel's history takes. */
  historyParts(): HistoryParts {
    const { api, host, clock, texts } = this.#parts;
    return {
      api,
      clock,
      logger: host.logger,
      signal: this.#signal,
      reached: this.#patience.reached,
      decode: (message) => texts.changed(decodeDispatch("MESSAGE_CREATE", message, this.#context(undefined, message))),
    };
  }

  async #read(dispatch: Dispatch): Promise<readonly PlatformEvent[]> {
    const { name, data, sequence } = dispatch;
    const { directory, texts } = this.#parts;
    noteChannels(dispatch, directory);
    await lookUp(data, { ...this.#parts, signal: this.#signal, reached: this.#patience.reached });
    const events = texts.changed(decodeDispatch(name, data, this.#context(sequence, data)));
    if (name === "CHANNEL_DELETE" || name === "THREAD_DELETE")
      directory.forgetChannel(String((data as { id?: unknown } | null)?.id));
    return events;
  }

  /** Where people spoke to the bot alone: Discord lists these chats nowhere, and their history is wanted after a gap. */
  async #noteDirects(chats: readonly string[]): Promise<void> {
    if (chats.length === 0) return;
    await this.#patience.patiently(() => this.#parts.directs.note(chats));
    this.#state = { ...this.#state, directs: [] };
  }

  #context(sequence: number | undefined, data?: unknown): DecodeContext {
    const { platform, botId, applicationId, autoThread, directory, clock, texts } = this.#parts;
    // The session's id lets in together with the token: only its hash is named.
    const session = contentHash(this.#state.session?.id).slice(0, 12);
    return {
      platform,
      botId,
      applicationId,
      directory,
      autoThread,
      nowMs: clock.now(),
      occurrence: sequence === undefined ? contentHash(data) : `${session}:${sequence}`,
      authorOf: (messageId): Author | undefined => texts.authorOf(messageId),
    };
  }

  async #store(
    events: readonly PlatformEvent[],
    sequence: number,
    ids: readonly string[],
    directs = this.#state.directs,
  ): Promise<void> {
    if (events.length === 0 && ids.length === 0 && this.#state.session?.sequence !== sequence) return this.#acknowledge(sequence);
    // While history is missing, the position stays where it begins.
    const position =
      this.#gap === undefined && this.#state.isCaughtUp ? ids.reduce(moved, this.#state.position) : this.#state.position;
    const { session } = this.#state;
    const next = { ...this.#state, position, directs, session: session === null ? null : { ...session, sequence } };
    await this.#persist(events, next);
  }

  /** Moves on in memory: what is only bookkeeping is stored with the next event. */
  #acknowledge(sequence: number): void {
    const { session } = this.#state;
    if (session !== null) this.#state = { ...this.#state, session: { ...session, sequence } };
  }

  /** One commit, however long that takes. */
  async #persist(events: readonly PlatformEvent[], next: GatewayState = this.#state): Promise<void> {
    const { host, botId, clock, settling } = this.#parts;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      try {
        const accepted = await host.accept(events, { key: stateKey(botId), value: asJson(next) });
        this.#state = next;
        for (const [index, event] of events.entries()) {
          if (accepted[index] === "refused" && (event.type === "action" || event.type === "command"))
            settling.refuse(event.interaction);
        }
        if (pauseMs > firstPauseMs) host.report("up");
        return;
      } catch (error) {
        if (this.#signal.aborted) throw error;
        host.report("degraded", `Events cannot be stored: ${error instanceof Error ? error.name : "unknown error"}`);
        await pause(pauseMs, clock, this.#signal);
        if (this.#signal.aborted) throw error;
      }
    }
  }
}

function directsIn(events: readonly PlatformEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "message" && event.chat.type === "dm" ? [event.chat.ref.chatId] : []));
}

function messageId(data: unknown): readonly string[] {
  const id = (data as { readonly id?: unknown } | null)?.id;
  return isSnowflake(id) ? [id] : [];
}

/** How far a position goes on. Whoever was told the time wrongly at the start has one ahead of what is said now. */
function moved(position: string | null, id: string): string {
  return position !== null && timeOf(position) - timeOf(id) > clockErrorMs ? id : laterOf(position, id);
}

function laterOf(one: string | null, other: string): string {
  return one !== null && isLater(one, other) ? one : other;
}
