import type { Json, PlatformHost } from "@hermes/core";
import { z } from "zod";
import { snowflake } from "../decode/channels.ts";

const schema = z.object({
  session: z.object({ id: z.string(), url: z.string(), sequence: z.number().int() }).nullable(),
  position: snowflake.nullable(),
  isCaughtUp: z.boolean(),
  directs: z.array(snowflake).catch([]),
});

/** What is stored with every batch. */
export interface GatewayState {
  /** What a connection goes on from; null: it begins anew. `sequence` is that of the last dispatch that is stored. */
  readonly session: { readonly id: string; readonly url: string; readonly sequence: number } | null;
  /** The latest message that is stored: older ones are, too, where `isCaughtUp`. null before the first start. */
  readonly position: string | null;
  /** The history since `position` was read to its end after the last gap. */
  readonly isCaughtUp: boolean;
  /** Direct chats that are not in the list of them yet: a process may end before that is stored. */
  readonly directs: readonly string[];
}

const nothing: GatewayState = { session: null, position: null, isCaughtUp: true, directs: [] };

/** The key of a bot's state: another bot under the same instance name starts anew. */
export function stateKey(botId: string): string {
  return `gateway:${botId}`;
}

/** What was stored; a session without all its history is not gone on from, so that the history is read again. */
export async function readState(host: PlatformHost, botId: string): Promise<GatewayState> {
  const stored = schema.safeParse(await host.memory.get(stateKey(botId))).data ?? nothing;
  return stored.isCaughtUp ? stored : { ...stored, session: null };
}

/** A state as JSON. */
export function asJson({ session, position, isCaughtUp, directs }: GatewayState): Json {
  return { session: session === null ? null : { ...session }, position, isCaughtUp, directs: [...directs] };
}

/** How many direct chats are remembered: those that were spoken in last. */
const maxDirects = 1000;

/** The direct chats that people spoke in: Discord lists them nowhere. */
export class DirectChats {
  readonly #host: PlatformHost;
  readonly #key: string;
  #known: readonly string[] = [];

  constructor(host: PlatformHost, botId: string) {
    this.#host = host;
    this.#key = `directs:${botId}`;
  }

  get ids(): readonly string[] {
    return this.#known;
  }

  async load(): Promise<void> {
    this.#known = z.array(snowflake).safeParse(await this.#host.memory.get(this.#key)).data ?? [];
  }

  /** Those of them that are in no list yet. */
  unknown(channelIds: readonly string[]): readonly string[] {
    return [...new Set(channelIds)].filter((id) => !this.#known.includes(id));
  }

  /** Notes that something was said in these chats; stores those that are new. */
  async note(channelIds: readonly string[]): Promise<void> {
    const spoken = new Set(channelIds);
    const known = [...this.#known.filter((id) => !spoken.has(id)), ...spoken].slice(-maxDirects);
    // Another order of the same is stored with the next that is new.
    if (this.unknown(channelIds).length > 0) await this.#host.memory.set(this.#key, known);
    this.#known = known;
  }
}
