import type { Chat, Logger } from "@hermes/core";
import type { Announcements } from "../announcements.ts";
import type { HomeChannels } from "./home-channels.ts";

/** What these notices are made with. */
export interface OperatorNoticesParts {
  readonly homeChannels: HomeChannels;
  readonly announcements: Announcements;
  /** Whether a platform is connected, and not only until it is replaced. */
  readonly isLiving: (platform: string) => boolean;
  readonly platforms: ReadonlyMap<string, unknown>;
  readonly logger: Logger;
}

/** Something that whoever looks after the gateway should know. */
export interface OperatorNotice {
  /** Markdown. */
  readonly text: string;
  /** The platform it is about: one that is in trouble is not told of its trouble on itself. */
  readonly about?: string;
  /** The same key within a day is the same notice. */
  readonly key?: string;
}

/** Tells whoever looks after the gateway, where they chose to be told. */
export class OperatorNotices {
  readonly #parts: OperatorNoticesParts;

  constructor(parts: OperatorNoticesParts) {
    this.#parts = parts;
  }

  /** Tells it in one home channel, of a platform that lives. Resolves to where it was told; undefined where nobody can be told. Never rejects. */
  async tell({ text, about, key }: OperatorNotice): Promise<Chat | undefined> {
    const { homeChannels, announcements, isLiving, platforms, logger } = this.#parts;
    const living = [...platforms.keys()].filter((id) => id !== about && isLiving(id));
    const chat = living.flatMap((id) => homeChannels.of(id) ?? [])[0];
    if (chat === undefined) return undefined;
    try {
      await announcements.make({ chat, text, waitMs: 0, ...(key === undefined ? {} : { idempotencyKey: key }) });
      return chat;
    } catch (error) {
      logger.warn(`A notice could not be given: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}
