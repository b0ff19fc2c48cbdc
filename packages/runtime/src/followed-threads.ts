import type { MessageEvent, Platform, PlatformEvent, SessionKey } from "@hermes/core";
import type { AccessRules } from "./access.ts";
import { admit, notAddressedRule } from "./admission.ts";
import type { Roster } from "./agents/roster.ts";
import type { Store } from "./store.ts";

/** What threads are followed with. */
export interface FollowedThreadsParts {
  readonly platforms: ReadonlyMap<string, Platform>;
  /** Ids of platforms on which also in threads only who names the bot is answered. */
  readonly mentionOnly: ReadonlySet<string>;
  readonly store: Pick<Store, "findSession">;
  readonly roster: Pick<Roster, "keyOf">;
}

/** Conversations in threads that are known without asking the store. */
const maxKnown = 10_000;

/**
 * In a thread in which the bot was spoken with, whoever says something means it, unless they name somebody else: nobody names whom they
 * are talking to in each sentence.
 */
export class FollowedThreads {
  readonly #parts: FollowedThreadsParts;
  readonly #known = new Set<SessionKey>();
  /** By platform, the batch that is being looked up: what comes behind it waits, so that the order stays. */
  readonly #looking = new Map<string, Promise<unknown>>();

  constructor(parts: FollowedThreadsParts) {
    this.#parts = parts;
  }

  /**
   * The events as they are meant; undefined where nothing has to be looked up or waited for.
   *
   * @throws what the store throws: then nothing is known of the batch.
   */
  read(platform: string, events: readonly PlatformEvent[], rules: AccessRules): Promise<readonly PlatformEvent[]> | undefined {
    const before = this.#looking.get(platform);
    const isOpen = this.#follows(platform) && events.some((event) => mayBeFollowed(event, rules));
    if (before === undefined && !isOpen) return undefined;
    const reading = this.#readBehind(before, events, isOpen, rules);
    this.#looking.set(platform, reading);
    const over = (): void => {
      if (this.#looking.get(platform) === reading) this.#looking.delete(platform);
    };
    reading.then(over, over);
    return reading;
  }

  #follows(platform: string): boolean {
    const threads = this.#parts.platforms.get(platform)?.capabilities.threads ?? false;
    return threads !== false && threads.isConversation === true && !this.#parts.mentionOnly.has(platform);
  }

  async #readBehind(
    before: Promise<unknown> | undefined,
    events: readonly PlatformEvent[],
    isOpen: boolean,
    rules: AccessRules,
  ): Promise<readonly PlatformEvent[]> {
    // What became of another batch is its own caller's business.
    await before?.catch(() => undefined);
    if (!isOpen) return events;
    return await Promise.all(
      events.map(async (event) => {
        const isMeant = mayBeFollowed(event, rules) && (await this.#isConversation(this.#parts.roster.keyOf(event)));
        return isMeant ? { ...event, addressed: true } : event;
      }),
    );
  }

  async #isConversation(key: SessionKey): Promise<boolean> {
    if (this.#known.has(key)) return true;
    if ((await this.#parts.store.findSession(key)) === undefined) return false;
    const [oldest] = this.#known;
    if (this.#known.size >= maxKnown && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(key);
    return true;
  }
}

const anywhere = { claims: false, waiting: 0, maxWaiting: 1 };

/** Said in a thread by somebody who may speak, naming nobody. */
function mayBeFollowed(event: PlatformEvent, rules: AccessRules): event is MessageEvent {
  if (event.type !== "message" || event.addressed || event.forOthers === true) return false;
  return event.chat.ref.threadId !== undefined && admit(event, rules, anywhere).rule === notAddressedRule;
}
