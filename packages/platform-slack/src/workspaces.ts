import { isPlatformError, PlatformError, type Clock } from "@hermes/core";
import type { Api } from "./api.ts";
import type { BotIdentity } from "./api/identity.ts";
import { parseChannel } from "./place.ts";

/** In which conversations of a workspace there is something. */
export type Reach = "everywhere" | "direct" | "nowhere";

/** Whether it is to be had in this conversation. */
export function reaches(reach: Reach, channel: string): boolean {
  return reach === "everywhere" || (reach === "direct" && channel.startsWith("D"));
}

/** What is left of it where Slack refused it: by the kind of conversation, or altogether. */
export function without(reach: Reach, lack: Lack, channel: string): Reach {
  return lack === "conversation" && !channel.startsWith("D") && reach !== "nowhere" ? "direct" : "nowhere";
}

/** What a thing is refused to: the app, or a kind of conversation. */
export type Lack = "app" | "conversation";

/** A workspace whose token works. */
export interface Workspace {
  readonly api: Api;
  readonly bot: BotIdentity;
  /** Where these are used, until Slack says that they cannot be. */
  readonly features: { streams: Reach; status: Reach };
}

export interface WorkspacesOptions {
  readonly platform: string;
  readonly clock: Clock;
  readonly streaming: boolean;
  /** Told when the workspaces that work have changed. */
  readonly onChange: (workspaces: Workspaces) => Promise<void>;
  /** Told of what went wrong besides the workspaces. */
  readonly onError: (error: unknown) => void;
}

/** A token that did not work is tried again no sooner. */
const retryMs = 60_000;

/** The workspaces of one app, by their id. One that fails leaves the others alone. */
export class Workspaces {
  readonly #options: WorkspacesOptions;
  readonly #byTeam = new Map<string, Workspace>();
  readonly #failed = new Map<Api, PlatformError>();
  #triedAtMs = 0;

  constructor(options: WorkspacesOptions) {
    this.#options = options;
  }

  get all(): readonly Workspace[] {
    return [...this.#byTeam.values()];
  }

  /** What is wrong with the tokens that do not work, as a sentence; undefined: nothing. */
  get trouble(): string | undefined {
    const [first] = this.#failed.values();
    if (first === undefined) return undefined;
    return `${this.#failed.size} of ${this.#failed.size + this.#byTeam.size} workspaces cannot be signed in to; the first one: ${first.message}`;
  }

  /** Signs in everywhere; throws the first failure where nobody lets it in. */
  async signIn(apis: readonly Api[], signal: AbortSignal): Promise<void> {
    this.#triedAtMs = this.#options.clock.now();
    await this.#identify(apis, signal);
    const [failure] = this.#failed.values();
    if (failure !== undefined && (this.#byTeam.size === 0 || signal.aborted)) throw failure;
    await this.#options.onChange(this);
  }

  /** The workspace of a chat and its channel there. Throws a `PlatformError` for an address that is none, or of nobody's. */
  async find(chatId: string, what: string): Promise<{ readonly workspace: Workspace; readonly channel: string }> {
    const place = parseChannel(chatId);
    if (place === undefined)
      throw this.#refusal({ kind: "invalid" }, what, "a chat is written as workspace and channel, such as T0123/C0456");
    const workspace = this.#byTeam.get(place.team) ?? (await this.#tried(place.team));
    if (workspace !== undefined) return { workspace, channel: place.channel };
    const why = this.trouble ?? `no token belongs to the workspace ${place.team}`;
    // A token that does not work now may be the right one.
    throw this.#refusal(this.#failed.size > 0 ? { kind: "unavailable" } : { kind: "not-found", what: "chat" }, what, why);
  }

  /** Asks whether the token of a workspace still works, where it was told that it may not. Never rejects. */
  async recheck(team: string): Promise<void> {
    const workspace = this.#byTeam.get(team);
    if (workspace === undefined) return;
    try {
      await workspace.api.identify();
    } catch (error) {
      if (!isPlatformError(error) || error.failure.kind !== "unauthorized") return;
      this.#byTeam.delete(team);
      this.#failed.set(workspace.api, error);
      this.#triedAtMs = this.#options.clock.now();
      await this.#options.onChange(this).catch(this.#options.onError);
    }
  }

  async #tried(team: string): Promise<Workspace | undefined> {
    await this.retry();
    return this.#byTeam.get(team);
  }

  byTeam(team: string): Workspace | undefined {
    return this.#byTeam.get(team);
  }

  /** Tries the tokens again that did not work, at most once a minute. Never rejects. */
  async retry(): Promise<void> {
    const { clock, onChange, onError } = this.#options;
    // Also where the clock was set back meanwhile.
    if (this.#failed.size === 0 || Math.abs(clock.now() - this.#triedAtMs) < retryMs) return;
    this.#triedAtMs = clock.now();
    try {
      await this.#identify([...this.#failed.keys()], undefined);
      await onChange(this);
    } catch (error) {
      onError(error);
    }
  }

  /** All at once, and noted in the order in which they were given: who comes first does not depend on the network. */
  async #identify(apis: readonly Api[], signal: AbortSignal | undefined): Promise<void> {
    const found = await Promise.allSettled(apis.map((api) => api.identify(signal)));
    for (const [index, result] of found.entries()) {
      const api = apis[index];
      if (api === undefined) continue;
      if (result.status === "fulfilled") {
        this.#failed.delete(api);
        const features: Workspace["features"] = {
          streams: this.#options.streaming ? "everywhere" : "nowhere",
          status: "everywhere",
        };
        this.#byTeam.set(result.value.teamId, { api, bot: result.value, features });
      } else if (isPlatformError(result.reason)) this.#failed.set(api, result.reason);
      else throw result.reason;
    }
  }

  #refusal(failure: PlatformError["failure"], what: string, why: string): PlatformError {
    return new PlatformError({ platform: this.#options.platform, failure, message: `Cannot ${what}: ${why}`, maybeDone: false });
  }
}
