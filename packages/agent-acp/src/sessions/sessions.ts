import { BoundedMap, type Turn } from "@hermes/core";
import { AcpError } from "../acp-error.ts";
import type { Peer } from "../peer/peer.ts";
import type { PeerKeeper } from "../peer/peer-keeper.ts";
import { keptSessionOf } from "./kept-session.ts";
import type { SessionOpener } from "./open-session.ts";
import type { AcpSession } from "./session.ts";

/** Conversations whose session of the agent is remembered without it being live. */
const mostRemembered = 1000;

/** What the sessions need of others. */
export interface SessionsParts {
  readonly keeper: PeerKeeper;
  readonly opener: SessionOpener;
  readonly maxLive: number;
  /** It is not live any more: what was made for it goes. */
  onDropped(session: AcpSession): void;
}

/** The agent's sessions, by the conversation each belongs to: one for each, and not more live than the agent should carry. */
export class Sessions {
  readonly #parts: SessionsParts;
  /** The one used last stands last. */
  readonly #live = new Map<string, AcpSession>();
  readonly #remembered = new BoundedMap<string>(mostRemembered);
  /** Conversations whose session is being opened. */
  readonly #opening = new Map<string, Promise<AcpSession>>();
  #sampling: Promise<AcpSession> | undefined;
  /** One that was opened to see what it offers, and given to nobody yet. */
  #spare: AcpSession | undefined;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  /** The live one of a conversation. */
  live(sessionId: string): AcpSession | undefined {
    const session = this.#live.get(sessionId);
    return session?.peer.isOver === false ? session : undefined;
  }

  /** By the agent's own id, where it is live in that process. */
  byAgentId(id: string): AcpSession | undefined {
    for (const session of this.#live.values()) if (session.id === id && !session.peer.isOver) return session;
    return this.#spare?.id === id ? this.#spare : undefined;
  }

  /** The session of a turn's conversation: the live one, or the earlier one taken up again, or a new one. Rejects with an `AcpError`. */
  async open(turn: Turn): Promise<AcpSession> {
    const key = turn.session.id;
    // A turn that was stopped meanwhile leaves its opening to the next.
    await this.#opening.get(key)?.catch(() => undefined);
    const opening = this.#open(key, turn).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return await opening;
  }

  async #open(key: string, turn: Turn): Promise<AcpSession> {
    const { keeper, opener } = this.#parts;
    const peer = await keeper.get(turn.signal);
    const live = this.live(key);
    if (live !== undefined) {
      this.#use(key, live);
      return live;
    }
    this.#forgetEnded();
    const earlier = this.#remembered.get(key) ?? (await keptSessionOf(turn));
    const isFree = earlier !== undefined && this.byAgentId(earlier) === undefined;
    const taken = isFree ? await opener.takeUp(earlier, peer) : undefined;
    const session = taken ?? this.#takeSpare() ?? (await this.#create(peer));
    this.#use(key, session);
    await this.#makeRoom();
    return session;
  }

  /** One that shows what can be chosen, for a conversation that has none yet. Rejects with an `AcpError`. */
  async sample(signal: AbortSignal): Promise<AcpSession> {
    const any = [...this.#live.values()].findLast((session) => !session.peer.isOver);
    if (any !== undefined) return any;
    if (this.#spare?.peer.isOver === false) return this.#spare;
    this.#sampling ??= this.#openSpare(signal).finally(() => (this.#sampling = undefined));
    return await this.#sampling;
  }

  async #openSpare(signal: AbortSignal): Promise<AcpSession> {
    this.#spare = await this.#create(await this.#parts.keeper.get(signal));
    return this.#spare;
  }

  /** It is stuck: the next turn takes it up again instead of going on in it. */
  abandon(sessionId: string, session: AcpSession): void {
    if (this.#live.get(sessionId) !== session) return;
    this.#live.delete(sessionId);
    this.#parts.onDropped(session);
  }

  /** The conversation is over. */
  async forget(sessionId: string): Promise<void> {
    const session = this.#live.get(sessionId);
    this.#live.delete(sessionId);
    this.#remembered.delete(sessionId);
    if (session === undefined) return;
    this.#parts.onDropped(session);
    await session.close(true);
  }

  #use(key: string, session: AcpSession): void {
    this.#live.delete(key);
    this.#live.set(key, session);
    this.#remembered.set(key, session.id);
    session.conversation = key;
  }

  /** A new one, which nobody has: two conversations in one session would hear each other. */
  async #create(peer: Peer): Promise<AcpSession> {
    const session = await this.#parts.opener.create(peer);
    if (this.byAgentId(session.id) === undefined) return session;
    throw new AcpError(
      "unsupported",
      `${peer.facts.name} gave a new session the id of one that is in use: it is not used for both`,
    );
  }

  #takeSpare(): AcpSession | undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.peer.isOver === false ? spare : undefined;
  }

  #forgetEnded(): void {
    for (const [key, session] of this.#live) {
      if (!session.peer.isOver) continue;
      this.#live.delete(key);
      this.#parts.onDropped(session);
    }
  }

  /** Closes what was used longest ago and is not in use. */
  async #makeRoom(): Promise<void> {
    const idle = [...this.#live].filter(([, session]) => session.listener === undefined).slice(0, -1);
    const tooMany = idle.slice(0, Math.max(0, this.#live.size - this.#parts.maxLive));
    for (const [key, session] of tooMany) {
      this.#live.delete(key);
      this.#parts.onDropped(session);
    }
    await Promise.all(tooMany.map(([, session]) => session.close(false)));
  }
}
