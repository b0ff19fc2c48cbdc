import type { Chat, ChatRef, Logger } from "@hermes/core";
import type { Announcements } from "../announcements.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { HomeChannels } from "../delivery/home-channels.ts";
import type { InterruptedTurn } from "../store.ts";
import type { Lives } from "./lives.ts";
import type { ResumeVerdict } from "./may-resume.ts";

/** What is told with. */
export interface HomeNoticesParts {
  readonly lives: Lives;
  readonly homeChannels: HomeChannels;
  readonly announcements: Announcements;
  readonly platforms: ReadonlyMap<string, unknown>;
  readonly quietPlatforms: readonly string[];
  readonly maxQuickCrashes: number;
  readonly catalogue: Catalogue;
  readonly logger: Logger;
}

/** Tells whoever looks after the gateway of its restarts, in the home channel of each platform that wants it. */
export class HomeNotices {
  readonly #parts: HomeNoticesParts;

  constructor(parts: HomeNoticesParts) {
    this.#parts = parts;
  }

  /** Once per restart, and in a row of crashes once. `askedIn`: who asked there is told by itself. Never rejects. */
  async tellStart(askedIn: Chat | undefined): Promise<void> {
    const { lives, maxQuickCrashes, catalogue, logger } = this.#parts;
    const { current, previous } = lives;
    if (previous === undefined) return;
    const words = catalogue.restart;
    if (previous.state === "ended")
      return await this.#tell(words.homeBack(current.startedAtMs - (previous.endedAtMs ?? current.startedAtMs)), askedIn);
    const isHeld = current.quickCrashes >= maxQuickCrashes;
    logger.warn(
      isHeld
        ? `The process ended unexpectedly ${current.quickCrashes} times in a row: turns that were interrupted are not taken up by themselves`
        : "The process before this one ended unexpectedly",
    );
    const { isTold } = current;
    // Noted first: a process that ends while it tells this must not have the next one tell it again.
    await lives.told();
    if (current.quickCrashes === maxQuickCrashes) await this.#tell(words.homeHeld(current.quickCrashes));
    else if (!isTold && !isHeld) await this.#tell(words.homeCrashed);
  }

  /** A turn may be what ends the process: which one that is. Never rejects. */
  async tellLeft({ seq, turnId, event }: InterruptedTurn, verdict: Exclude<ResumeVerdict, "run">): Promise<void> {
    const { catalogue, logger } = this.#parts;
    const { platform, chatId } = event.chat.ref;
    const why =
      verdict === "set-aside" ? "the process ended unexpectedly while it ran, time after time" : "the process keeps ending";
    logger.warn(`[${platform}] Event ${seq} of chat ${chatId} (${turnId}) is not taken up by itself, since ${why}`);
    if (verdict === "set-aside") await this.#tell(catalogue.restart.homeSetAside(seq, `${platform}:${chatId}`));
  }

  async #tell(text: string, butNot?: Chat): Promise<void> {
    const { homeChannels, announcements, platforms, quietPlatforms, logger } = this.#parts;
    for (const platform of platforms.keys()) {
      const chat = quietPlatforms.includes(platform) ? undefined : homeChannels.of(platform);
      if (chat === undefined || (butNot !== undefined && isSame(chat.ref, butNot.ref))) continue;
      try {
        await announcements.make({ chat, text, waitMs: 0 });
      } catch (error) {
        logger.debug(`[${platform}] A notice could not be given: ${String(error)}`);
      }
    }
  }
}

function isSame(one: ChatRef, other: ChatRef): boolean {
  return one.platform === other.platform && one.chatId === other.chatId && one.threadId === other.threadId;
}
