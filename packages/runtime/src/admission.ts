import type { Author, MessageEvent, PlatformEvent } from "@hermes/core";
import type { AccessRules } from "./access.ts";
import type { Verdict } from "./store.ts";

/** What admission knows besides the event and the rules. */
export interface AdmissionState {
  /** The event carries the open owner claim's code. */
  readonly claims: boolean;
  /** How many messages of this session wait already. */
  readonly waiting: number;
  readonly maxWaiting: number;
  /** It came while the platform was away, too long ago to be answered. */
  readonly isTooOld?: boolean;
}

/** The decision, with the rule that made it. `reason` is for the operator, never for the sender. */
export interface Admission {
  readonly verdict: Verdict;
  readonly rule: string;
  readonly reason: string;
}

/** What came too long ago is not acted on; its sender is told. */
export const tooOldRule = "too-old";

/** Said among others. */
export const notAddressedRule = "not-addressed";

/** The one refusal that its sender is told about. */
export const queueFullRule = "queue-full";

/** The one decision about every event: pure, and denying what it does not know. */
export function admit(event: PlatformEvent, rules: AccessRules, state: AdmissionState): Admission {
  const { author } = event.origin;
  // Whoever removed it: what is gone is not to be answered, and that lets nobody in.
  if (event.type === "delete") return { verdict: "run", rule: "deleted", reason: "Messages are gone" };
  if (event.type === "other")
    return { verdict: "observe", rule: "not-actionable", reason: "An event that only its platform understands" };
  if (author.id === "") return { verdict: "refuse", rule: "no-author", reason: "The platform did not say who this is" };
  if (state.claims && mayClaim(event)) return { verdict: "pair", rule: "owner-claim", reason: "The owner's one-time code" };
  if (author.isBot) return { verdict: "refuse", rule: "bot", reason: "Another bot" };
  const rule = letIn(event.chat.ref.platform, author, rules);
  if (rule === undefined) return { verdict: "refuse", rule: "not-allowed", reason: "Nobody let this sender in" };
  return { rule, ...eagerness(event, state) };
}

/** What would be decided about a direct message of somebody whom the platform vouches for. */
export function decideFor(platform: string, userId: string, rules: AccessRules, nowMs: number): Admission {
  const author = { id: userId, isBot: false, assurance: "platform" } as const;
  const event: MessageEvent = {
    version: 1,
    type: "message",
    eventId: "",
    messageId: "",
    chat: { ref: { platform, chatId: userId }, type: "dm" },
    origin: { author, lifetime: "request" },
    at: new Date(nowMs).toISOString(),
    text: "",
    addressed: true,
    attachments: [],
  };
  return admit(event, rules, { claims: false, waiting: 0, maxWaiting: 1 });
}

/** Only a person the platform vouches for, in private, can claim. */
export function mayClaim(event: PlatformEvent): event is MessageEvent {
  const { author } = event.origin;
  return event.type === "message" && event.chat.type === "dm" && !author.isBot && author.assurance === "platform";
}

function letIn(platform: string, { id, assurance, roles = [] }: Author, rules: AccessRules): string | undefined {
  if (rules.allowAll) return "allow-all";
  if (rules.allowAllOn.has(platform)) return `allow-all:${platform}`;
  // A sender that can be forged is nobody's name on a list.
  if (assurance !== "platform") return undefined;
  if (rules.owners.has(`${platform}:${id}`)) return "owner";
  for (const entry of [`${platform}:${id}`, `*:${id}`]) if (rules.allow.has(entry)) return `allow:${entry}`;
  const role = roles.find((name) => rules.allowRoles.has(`${platform}:${name}`));
  return role === undefined ? undefined : `role:${platform}:${role}`;
}

const tooOld = { verdict: "observe", rule: tooOldRule, reason: "It came while the platform was away, too long ago" } as const;

/** What is done with an event of somebody who may speak. A rule of its own where it is not acted on. */
function eagerness(event: PlatformEvent, state: AdmissionState): Omit<Admission, "rule"> & { readonly rule?: string } {
  switch (event.type) {
    case "message":
      if (event.addressed && state.isTooOld === true) return tooOld;
      if (!event.addressed) return { verdict: "observe", rule: notAddressedRule, reason: "Said among others, not to the bot" };
      if (isCommandText(event.text)) return { verdict: "run", reason: "A command" };
      if (state.waiting >= state.maxWaiting) {
        return { verdict: "refuse", rule: queueFullRule, reason: `${state.waiting} messages of this conversation are waiting` };
      }
      return { verdict: "run", reason: "A message" };
    case "command":
      return state.isTooOld === true ? tooOld : { verdict: "run", reason: "A command" };
    case "action":
      return { verdict: "run", reason: "A button" };
    case "edit":
      return { verdict: "run", reason: "A message says something else now" };
    case "control":
      return event.control === "stop"
        ? { verdict: "run", reason: "A control" }
        : { verdict: "observe", rule: "not-actionable", reason: "A control" };
    default:
      return { verdict: "observe", rule: "not-actionable", reason: `Nothing acts on events of type ${event.type}` };
  }
}

/** A text that names a command: a slash and a word, alone or before more. A path is none. */
export function isCommandText(text: string): boolean {
  return /^\/[a-z][a-z0-9_-]{0,63}(?:\s|$)/iu.test(text);
}
