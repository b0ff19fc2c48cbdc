import { hash } from "node:crypto";
import {
  agentOfSession,
  type Answer,
  type ApprovalOption,
  type Clock,
  type PlatformEvent,
  type Question,
  type SessionKey,
} from "@hermes/core";
import type { Store } from "../store.ts";

/** Where it is remembered what waits for nobody any more: no platform's name. */
const place = "$approvals";
const waivedMs = 24 * 60 * 60_000;
const sessionMs = 90 * 24 * 60 * 60_000;
const defaultExpiryMs = 300_000;

/** Who may say yes to what is dangerous, and how long that is waited for. */
export interface ApprovalPolicy {
  /** As in `access.allow`. Default: whoever asked for what is to be done. */
  readonly approvers?: readonly string[];
  /** Then it is refused, also where an agent would wait longer. Default 300 000. */
  readonly expiresAfterMs?: number;
}

/** Who asked for what is to be approved, and where. */
export interface Requester {
  readonly sessionKey: SessionKey;
  /** Absent: nothing was said in it yet. */
  readonly sessionId?: string;
  readonly platform: string;
  readonly userId: string;
  /** Somebody else may have sent it in their name. */
  readonly canBeForged?: boolean;
}

/** What approvals are decided with. */
export interface ApprovalsParts {
  readonly policy: ApprovalPolicy;
  readonly store: Pick<Store, "readMemory" | "writeMemory" | "deleteMemory">;
  readonly clock: Clock;
  readonly isAdmin: (platform: string, userId: string) => boolean;
}

/** Decides who may approve what, and remembers what need not be asked again. */
export class Approvals {
  readonly #parts: ApprovalsParts;
  readonly #approvers: ReadonlySet<string>;

  constructor(parts: ApprovalsParts) {
    this.#parts = parts;
    this.#approvers = new Set(parts.policy.approvers);
  }

  get expiresAfterMs(): number {
    return this.#parts.policy.expiresAfterMs ?? defaultExpiryMs;
  }

  /** Whether somebody may answer; what can be forged approves nothing. */
  mayAnswer({ kind }: Question, asked: Pick<Requester, "platform" | "userId">, { chat, origin }: PlatformEvent): boolean {
    const { id, assurance } = origin.author;
    const { platform } = chat.ref;
    const isAsked = platform === asked.platform && id === asked.userId;
    if (kind !== "approval") return isAsked;
    if (assurance !== "platform") return false;
    return this.#approvers.size === 0 ? isAsked : this.#approvers.has(`${platform}:${id}`) || this.#approvers.has(`*:${id}`);
  }

  /** Whether something may be approved for ever: only where those decide who look after the gateway. */
  mayLast({ platform, userId }: Requester): boolean {
    return this.#approvers.size > 0 || this.#parts.isAdmin(platform, userId);
  }

  /** The answer that is known without asking anybody. */
  async known(question: Question, requester: Requester): Promise<Answer | undefined> {
    if (question.kind !== "approval" || requester.canBeForged === true) return undefined;
    if (await this.isWaived(requester)) return { by: requester.userId, option: optionThat(question, "approve") };
    for (const scope of ["session", "always"] as const) {
      const name = question.remember === undefined ? undefined : nameOf(scope, question.remember, requester);
      if (scope === "always" && !this.mayLast(requester)) continue;
      if (name !== undefined && (await this.#read(name))) return { by: requester.userId, option: optionThat(question, scope) };
    }
    return undefined;
  }

  /** Remembers what an answer means for the next time. */
  async note(question: Question, answer: Answer, requester: Requester): Promise<void> {
    if (question.kind !== "approval" || question.remember === undefined || !("by" in answer)) return;
    const scope = question.options?.find(({ id }) => id === answer.option)?.means;
    if (scope !== "session" && scope !== "always") return;
    if (scope === "always" && !this.mayLast(requester)) return;
    const lifetime = scope === "session" ? { expiresAtMs: this.#parts.clock.now() + sessionMs } : {};
    const key = nameOf(scope, question.remember, requester);
    await this.#parts.store.writeMemory({ platform: place, key, value: true, ...lifetime });
  }

  /** Whether what somebody asks for in a conversation waits for nobody; only as long as they look after the gateway. */
  async isWaived(requester: Requester): Promise<boolean> {
    if (!this.#parts.isAdmin(requester.platform, requester.userId)) return false;
    return await this.#read(nameOf("waived", "", requester));
  }

  async waive(requester: Requester, isWaived: boolean): Promise<void> {
    const { store, clock } = this.#parts;
    const key = nameOf("waived", "", requester);
    if (isWaived) await store.writeMemory({ platform: place, key, value: true, expiresAtMs: clock.now() + waivedMs });
    else await store.deleteMemory(place, key);
  }

  async #read(name: string): Promise<boolean> {
    return (await this.#parts.store.readMemory(place, name, this.#parts.clock.now())) === true;
  }
}

/** The id of the option that means this; an approval without options of its own has them by these names. */
export function optionThat({ options = [] }: Question, means: ApprovalOption): string {
  return options.find((option) => (option.means ?? option.id) === means)?.id ?? means;
}

/** What lasts belongs to a person and an agent; a session's own ends with it, as does what is waived when somebody begins anew. */
function nameOf(scope: "session" | "always" | "waived", remember: string, requester: Requester): string {
  const { sessionKey, sessionId, platform, userId } = requester;
  const where = { session: sessionId ?? "", always: agentOfSession(sessionKey), waived: sessionKey }[scope];
  return `${scope}:${hash("sha256", JSON.stringify([where, platform, userId, remember]), "base64url")}`;
}
