import type { Chat, ChatRef } from "@hermes/core";
import type { Announcements } from "../announcements.ts";
import type { ChannelDirectory } from "./channel-directory.ts";
import type { Channel, Delivered, DeliveryRequest } from "./delivery.ts";
import type { HomeChannels } from "./home-channels.ts";
import type { Targets } from "./targets.ts";

/** What is delivered with. */
export interface DelivererParts {
  readonly targets: Targets;
  readonly directory: ChannelDirectory;
  readonly homeChannels: HomeChannels;
  readonly announcements: Announcements;
}

/** Says things where a target leads, and knows where one can lead. */
export class Deliverer {
  readonly #parts: DelivererParts;

  constructor(parts: DelivererParts) {
    this.#parts = parts;
  }

  /**
   * Says it in every chat that is meant.
   *
   * @throws TargetError where any part of the target leads nowhere; then nothing is said at all.
   */
  async deliver({ target, origin, ...announcement }: DeliveryRequest): Promise<readonly Delivered[]> {
    const chats = await this.#parts.targets.resolve(target, origin);
    return await Promise.all(
      chats.map(async (chat) => ({
        target: this.#written(chat),
        chat,
        ...(await this.#parts.announcements.make({ ...announcement, chat })),
      })),
    );
  }

  /** Chats that something can be said in, of one platform or of all. */
  async channels(platforms: readonly string[]): Promise<readonly Channel[]> {
    const { targets, directory, homeChannels } = this.#parts;
    await directory.freshen(platforms);
    return platforms.flatMap((platform) => {
      const home = homeChannels.of(platform);
      const known = directory.list(platform);
      // A thread of a chat may be home, and a chat that nobody has talked in.
      const isListed = known.some(({ ref }) => home?.ref.chatId === ref.chatId && home.ref.threadId === undefined);
      const chats = home === undefined || isListed ? known : [home, ...known];
      return chats.flatMap((chat): readonly Channel[] => {
        const target = targets.write(chat.ref);
        if (target === undefined) return [];
        const isHome = home?.ref.chatId === chat.ref.chatId && home.ref.threadId === chat.ref.threadId;
        return [{ target, chat, isHome }];
      });
    });
  }

  /** A target that means this place; undefined where nothing that can be written does. */
  targetOf(place: ChatRef): string | undefined {
    return this.#parts.targets.write(place);
  }

  #written({ ref }: Chat): string {
    return this.#parts.targets.write(ref) ?? `${ref.platform}:${ref.chatId}`;
  }
}
