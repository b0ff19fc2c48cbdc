import { createConnectionSurface, PlatformError, type Connection, type Origin, type ReplySurface } from "@hermes/core";
import { boundLive } from "./bound-live.ts";
import type { ReplyTarget } from "./reply-target.ts";
import type { ReplyKeeper } from "./reply-keeper.ts";

/**
 * One surface for a whole reply, whichever connection is there when something is shown: it counts the uses of the right to answer.
 * Where that right may have been used by an earlier process it is not used again.
 */
export function createChatSurface(
  outbox: ReplyKeeper,
  { chat, origin, replyId }: ReplyTarget,
  isGrantInDoubt: boolean,
): ReplySurface {
  const { connections, platforms, clock, files } = outbox.parts;
  const canFind = platforms.get(chat.ref.platform)?.capabilities.lookup === true;
  const now = (): Connection => {
    const connection = connections.get(chat.ref.platform);
    if (connection !== undefined) return connection;
    throw new PlatformError({
      platform: chat.ref.platform,
      failure: { kind: "unavailable" },
      message: "Not connected",
      maybeDone: false,
    });
  };
  return createConnectionSurface({
    connection: {
      send: (...call) => now().send(...call),
      edit: async (...call) => now().edit?.(...call),
      remove: async (...call) => now().remove?.(...call),
      async openLive(...call) {
        const connection = now();
        const live = (await connection.openLive?.(...call)) ?? null;
        const { platform } = chat.ref;
        // As long as there is no other, this one's own failure tells how it goes on.
        return live && boundLive(live, platform, () => (connections.get(platform) ?? connection) === connection);
      },
      ...(canFind ? { findSent: async (...call) => now().findSent?.(...call) } : {}),
    },
    chat,
    clock,
    openFile: ({ key }) => files.open(key),
    idempotencyKey: (key) => `${replyId}.${key}`,
    options: {
      signal: outbox.signal,
      mentions: [],
      ...(origin === undefined ? {} : { origin: isGrantInDoubt ? withoutGrant(origin) : origin }),
    },
  });
}

function withoutGrant({ message, author, lifetime }: Origin): Origin {
  return { author, lifetime, ...(message === undefined ? {} : { message }) };
}
