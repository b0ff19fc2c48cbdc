import type { GatewayStatus } from "./gateway-status.ts";
import type { FileShelf } from "./media/file-shelf.ts";
import type {
  Agent,
  AgentFunction,
  BurstWindows,
  Chat,
  ChatRef,
  Clock,
  Logger,
  MessageRef,
  Platform,
  ProgressDisplay,
  Received,
  SessionKey,
  UnknownSends,
} from "@hermes/core";
import type { AgentRoute } from "./agents/route.ts";
import type { BacklogPolicy } from "./backlog/backlog-policy.ts";
import type { BusyPolicy } from "./busy/busy-mode.ts";
import type { Hook } from "./hooks.ts";
import type { Admission } from "./admission.ts";
import type { Conversations } from "./conversations/conversations.ts";
import type { Language } from "./catalogue/languages.ts";
import type { Channel, Delivered, DeliveryOptions, DeliveryRequest } from "./delivery/delivery.ts";
import type { HomeChannel } from "./delivery/home-channels.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Locks } from "./locks.ts";
import type { SupervisionOptions } from "./supervision/options.ts";
import type { MaintenanceFacts, MaintenanceTask } from "./maintenance/task.ts";
import type { EndPurpose } from "./restart/draining-notices.ts";
import type { ApprovalPolicy } from "./turn/approvals.ts";
import type { RestartOptions, RestartOutcome } from "./restart/restart-desk.ts";
import type { AccessGrant, Retention, Store } from "./store.ts";

/** Who may talk to the gateway. Nobody by default; ids are the platforms' stable ids, never names. */
export interface AccessPolicy {
  /** `work-bot:123456789` (the platform's instance id, colon, user id) or `*:123456789` for that id on every platform. */
  readonly allow?: readonly string[];
  /** Lets everybody in, on every platform. */
  readonly allowAll?: boolean;
  /** Instance ids of platforms that let everybody in. */
  readonly allowAllOn?: readonly string[];
  /**
   * Roles that let in whoever has them where they speak: `work-bot:987654321` (the platform's instance id, colon, role id). Only on
   * platforms that vouch for roles; a direct message has none there.
   */
  readonly allowRoles?: readonly string[];
  /**
   * Who may look after the gateway in a chat, beside its owners; written as in `allow`. Default: on a platform that has no owner, those
   * whom `allow` names there.
   */
  readonly admins?: readonly string[];
}

/** Numbers that bound the gateway; the defaults suit two cores. */
export interface GatewayLimits {
  /** Turns of agents that run at once. Default 32. */
  readonly maxTurns?: number;
  /** Messages of one session that may wait for their turn; one more is refused and the person is told. Default 32. */
  readonly maxQueuedPerSession?: number;
  /** Sessions of one platform that may have unfinished work; beyond that its messages are not taken for now. Default 10 000. */
  readonly maxBusySessions?: number;
  /** An answer that is complete within this time is shown in one piece. Default 400. */
  readonly firstShowMs?: number;
  /** A part that cannot be delivered for this long is given up. Default 24 hours. */
  readonly deliveryMaxMs?: number;
  /** How long one call to a platform may take. Default 60 000. */
  readonly callTimeoutMs?: number;
  /** How long one attempt to connect may take. Default 30 000. */
  readonly connectTimeoutMs?: number;
  /** A turn whose agent gives no event for so long is ended; while a person is asked, that does not count. Default 30 min; 0: never. */
  readonly inactivityMs?: number;
  /** A turn that ran in so many processes that crashed is set aside until a person says how to go on. Default 2. */
  readonly maxCrashedRuns?: number;
  /** After so many crashes in a row, each within a minute of its start, interrupted turns wait for a person. Default 3. */
  readonly maxQuickCrashes?: number;
}

/** What a gateway is made of: platforms and an agent; the rest has defaults. */
export interface GatewayOptions {
  readonly platforms: readonly Platform[];
  /** Who answers: the agent `main`. */
  readonly agent: Agent | AgentFunction;
  /** Further agents, by name. A conversation belongs to one of them: another agent begins another one. */
  readonly agents?: Readonly<Record<string, Agent | AgentFunction>>;
  /** Where one of them answers instead of `main`. */
  readonly routes?: readonly AgentRoute[];
  /** Who may say yes to what is dangerous, and for how long that is waited for. Default: whoever asked for it, 5 minutes. */
  readonly approvals?: ApprovalPolicy;
  /** What is shown of agents' work in chats, by platform id. Default: nothing but what a platform shows natively. */
  readonly progress?: Readonly<Record<string, ProgressDisplay>>;
  /** Without it every message is refused. */
  readonly access?: AccessPolicy;
  /** Default: in memory, gone with the process. */
  readonly store?: Store;
  /** Default: claims are held inside this process only. */
  readonly locks?: Locks;
  readonly clock?: Clock;
  /** 0 ≤ x < 1, for back-off jitter. Default `Math.random`. */
  readonly random?: () => number;
  /** Default: warnings and errors to standard error. */
  readonly logger?: Logger;
  /** What the gateway itself says. Default `en`. */
  readonly language?: Language;
  /** What becomes of a send nobody can know the outcome of. Default `repeat-marked`. */
  readonly unknownSends?: UnknownSends;
  /** What becomes of messages that come while their conversation is being answered. */
  readonly busy?: BusyPolicy;
  /** How long more is waited for after a message, by platform; `false`: not at all. Default: what each platform says of itself. */
  readonly bursts?: Readonly<Record<string, BurstWindows | false>>;
  /** What becomes of messages that came while a platform was away. */
  readonly backlog?: BacklogPolicy;
  /** Told what happens beside messages and answers. */
  readonly hooks?: readonly Hook[];
  readonly limits?: GatewayLimits;
  readonly supervision?: SupervisionOptions;
  /** Default: events, turns and parts 30 days, history for ever. */
  readonly retention?: Retention;
  /** How targets are written, and where the platforms' home channels are. */
  readonly delivery?: DeliveryOptions;
  /** What is to be done again and again beside what the gateway does by itself. */
  readonly maintenance?: readonly MaintenanceTask[];
  /**
   * Asked before events are taken: a few words (`the heap is nearly full`) when there is no room for anything new, undefined when there
   * is. Meanwhile nothing is acknowledged, so that platforms offer it again; what was taken goes on. Default: always room.
   */
  readonly pressure?: () => string | undefined;
  /**
   * What becomes of images that an answer shows by their addresses: links in the text, or files behind it, fetched by the gateway. A model
   * that was talked into it can tell a stranger things by the addresses it names, so that is for those who want it. Default `links`.
   */
  readonly images?: "links" | "files";
  /**
   * Ids of platforms on which a message that is being answered is marked by reactions: 👀 while the agent is at work, then ✅ or ❌. That
   * is three more calls a message. Default: none.
   */
  readonly statusMarks?: readonly string[];
  /**
   * Ids of platforms on which also in threads only who names the bot is answered. Default: none; where threads are conversations, who
   * speaks in one in which the bot was spoken with means the bot.
   */
  readonly mentionOnlyThreads?: readonly string[];
  /** Keeps files on their way out until they are delivered. Default: their handles, as long as the process lives. */
  readonly files?: FileShelf;
  /** What happens around restarts. Default: nobody restarts this gateway. */
  readonly restart?: RestartOptions;
}

/** How running turns end before a gateway does. */
export interface DrainOptions {
  /** How long they may go on. Default 20 s. */
  readonly drainMs?: number;
  /** What for: people who write meanwhile are told. Default `stop`. */
  readonly purpose?: EndPurpose;
}

/**
 * How a gateway ends. What is unfinished is taken up at the next start in any case.
 *
 * - `interrupt` (default): running turns are interrupted at once.
 * - `drain`: they may end first, within a limit.
 */
export type StopOptions = { readonly mode?: "interrupt" } | ({ readonly mode: "drain" } & DrainOptions);

/** A one-time code that makes its first sender the owner. */
export interface OwnerClaim {
  readonly code: string;
  readonly expiresAtMs: number;
}

/** Something that is said without being asked. */
export interface Announcement {
  readonly chat: Chat;
  /** Markdown. */
  readonly text: string;
  /** The same key for the same chat within a day is the same message. */
  readonly idempotencyKey?: string;
  /** How long to wait for the platform's word. Default 10 s. */
  readonly waitMs?: number;
}

/** What is known of it: it counts as delivered only with the platform's word for it. */
export interface Announced {
  readonly replyId: string;
  /** `queued`: it is kept, and sent as soon as that works. */
  readonly state: "sent" | "queued" | "unknown" | "failed";
  readonly refs: readonly MessageRef[];
  /** Why the last call failed. */
  readonly failure?: string;
}

/** Who is let in. */
export interface AccessFacts {
  /** As the configuration names them: `platform:user` or `*:user`. */
  readonly configured: readonly string[];
  readonly granted: readonly AccessGrant[];
  /** Platforms that let everybody in. */
  readonly open: readonly string[];
}

/** A command that people can give in a chat. */
export interface CommandFacts {
  readonly name: string;
  readonly description: string;
}

/** The running whole. */
export interface Gateway {
  /** What came in, what became of it, what was said, and what can be done about it by hand. */
  readonly ledger: Ledger;
  /** What was said, by conversation. */
  readonly conversations: Conversations;
  /** Opens the store, takes up what an earlier process left, connects every platform. Comes back once it accepts; platforms connect in the background. */
  start(): Promise<void>;
  /** Ends cleanly: what is stored and unanswered is taken up at the next start. May be called twice; `interrupt` cuts a drain short. */
  stop(options?: StopOptions): Promise<void>;
  /**
   * The first half of a stop that drains, for whoever has something to close in between: begins no new turn, still keeps what comes in,
   * and resolves when the running turns have ended or their time is over. `stop` has to follow.
   */
  drain(options?: DrainOptions): Promise<void>;
  /** Asks for a restart as `/restart` does; `nobody`: there is no `restart.perform`. */
  restart(): Promise<Exclude<RestartOutcome, "done">>;
  /** Webhooks: `…/webhooks/{platform id}`. Mount it in any web framework. */
  fetch(request: Request): Promise<Response>;
  /**
   * `fetch` for a server that can also take sockets, and that knows by itself which platform a request is for: `upgrade` is what that
   * does with a socket, once the handshake is done.
   */
  receive(request: Request, platform?: string): Promise<Received>;
  /** Resolves when nothing is left to do right now: for hosts that live as short as a request, and for tests. */
  idle(): Promise<void>;
  status(): GatewayStatus;
  /** Disconnects a platform until it is resumed, also after a restart; false if it is paused already. Throws `RangeError` for an unknown one. */
  pause(platform: string): Promise<boolean>;
  /** Connects a paused platform again, and tries one that waits, is left alone or has failed at once; false where there is nothing to do. */
  resume(platform: string): Promise<boolean>;
  /** Says something in a chat without being asked. Resolves when the platform has spoken, or after `waitMs`; rejects where it was not kept. */
  announce(announcement: Announcement): Promise<Announced>;
  /**
   * Says something where a target leads, and answers for each chat. Rejects with a `TargetError` where any part of the target leads
   * nowhere, and then says nothing at all; otherwise as `announce`.
   */
  deliver(request: DeliveryRequest): Promise<readonly Delivered[]>;
  /** Chats that something can be said in, as far as they are known: of one platform or of all. */
  channels(platform?: string): Promise<readonly Channel[]>;
  /** A target that means this place; undefined where nothing that can be written does. */
  targetOf(place: ChatRef): string | undefined;
  /** Where each platform tells what concerns whoever looks after the gateway. */
  homeChannels(): readonly HomeChannel[];
  /** What is done again and again, and how that goes. */
  maintenance(): readonly MaintenanceFacts[];
  /** Tells whenever something is said or changed in a conversation, by its key. Answers how to hear no more of it. */
  watch(listener: (sessionKey: SessionKey) => void): () => void;
  /** The commands that people can give in a chat. */
  commands(): readonly CommandFacts[];
  /** Who is let in. */
  access(): Promise<AccessFacts>;
  /** What would be decided about a direct message of somebody. */
  decideAccess(platform: string, userId: string): Admission;
  /** Takes back what somebody was given by a claim; false if they were given nothing. */
  revokeAccess(platform: string, userId: string): Promise<boolean>;
  /** Aborted with a `StoreError` when the store can never be written again: stop, and let another process try. */
  readonly storeLost: AbortSignal;
  /** Whether somebody was made owner by a claim. */
  hasOwner(): Promise<boolean>;
  /** Opens a claim; an earlier one ends. Default lifetime 10 minutes. */
  openOwnerClaim(options?: { readonly lifetimeMs?: number }): OwnerClaim;
}
