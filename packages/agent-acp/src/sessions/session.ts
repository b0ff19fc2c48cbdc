import type { RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";
import { z } from "zod";
import { isAcpError } from "../acp-error.ts";
import type { Peer } from "../peer/peer.ts";
import type { SessionOffers } from "../settings/session-options.ts";
import { SessionSettings } from "../settings/session-settings.ts";
import { SessionCost } from "../updates/usage.ts";

const changeLimitMs = 10_000;
const closeLimitMs = 3000;

/** Who is told what happens in a session while a turn of it runs. */
export interface SessionListener {
  update(update: Readonly<Record<string, unknown>>): void | Promise<void>;
  permission(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse>;
}

/** How a session came to be: only a new one knows nothing of the conversation. */
export type SessionOrigin = "new" | "resumed";

/** One session of the agent, live in a process of it. */
export class AcpSession {
  readonly id: string;
  readonly peer: Peer;
  readonly settings: SessionSettings;
  readonly cost: SessionCost;
  /** Set while a turn runs: at other times nobody is told anything. */
  listener: SessionListener | undefined;
  /** The conversation it belongs to; unset while it belongs to none. */
  conversation: string | undefined;
  /** Whether it knows of the conversation only what it is told from now on. */
  isEmpty: boolean;
  /** What people's choices were when they were last told to it. */
  readonly #told = new Map<string, string>();
  /** What counted before the first choice. */
  readonly #defaults = new Map<string, string>();

  constructor(id: string, peer: Peer, origin: SessionOrigin, offers: SessionOffers) {
    this.id = id;
    this.peer = peer;
    this.isEmpty = origin === "new";
    this.settings = new SessionSettings(offers);
    this.cost = new SessionCost(origin === "new" ? 0 : undefined);
  }

  /** An update of this session. Without a turn only what it now is counts: what it says then is not said. */
  async take(update: Readonly<Record<string, unknown>>): Promise<void> {
    this.settings.take(update);
    this.cost.take(update);
    await this.listener?.update(update);
  }

  /** Chooses something. Rejects with an `AcpError`; false where there is no such choice. */
  async choose(id: string, value: string): Promise<boolean> {
    const change = this.settings.change(id, value);
    if (change === undefined) return false;
    const before = this.settings.find(id)?.current;
    if (before !== undefined && !this.#defaults.has(id)) this.#defaults.set(id, before);
    const answer = await this.peer.request(change.method, { sessionId: this.id, ...change.params }, z.unknown(), changeLimitMs);
    if (change.method === "session/set_mode") this.settings.noteMode(change.params.modeId);
    else this.settings.noteOptions(answer);
    this.#told.set(id, value);
    return true;
  }

  /**
   * Makes what people chose count here, where it was not told before: what an agent changes by itself, such as leaving a mode of
   * planning, stays changed. Answers the ids that it did not take.
   */
  async apply(chosen: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const failed: string[] = [];
    const unchosen = [...this.#told.keys()].filter((id) => !(id in chosen));
    const wanted = [
      ...Object.entries(chosen).filter(([id, value]) => this.#told.get(id) !== value),
      ...unchosen.map((id) => [id, this.#defaults.get(id) ?? ""] as const),
    ];
    for (const [id, value] of wanted) {
      const setting = this.settings.find(id);
      if (setting === undefined || (setting.current === value && id in chosen)) continue;
      try {
        if (!(await this.choose(id, value))) failed.push(id);
        else if (!(id in chosen)) this.#told.delete(id);
      } catch (error) {
        if (!isAcpError(error) || error.code !== "refused") throw error;
        failed.push(id);
      }
    }
    return failed;
  }

  /** Ends it in the agent, as far as the agent can; `isForGood`: it is not wanted any more at all. */
  async close(isForGood: boolean): Promise<void> {
    if (this.peer.isOver) return;
    const { session } = this.peer.facts;
    const methods = [...(session.close ? ["session/close"] : []), ...(isForGood && session.delete ? ["session/delete"] : [])];
    for (const method of methods) {
      try {
        await this.peer.request(method, { sessionId: this.id }, z.unknown(), closeLimitMs);
      } catch (error) {
        // It is dropped either way; a process that answers nothing is seen to by whoever prompts next.
        if (!isAcpError(error)) throw error;
      }
    }
  }
}
