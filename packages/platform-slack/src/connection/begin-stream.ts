import type { Chat, LiveMessage, Logger, PlatformError, SendOptions, Sent } from "@hermes/core";
import { metadataOf } from "../api/lookup.ts";
import type { Content, Spot } from "../api/messages.ts";
import { capabilityTable } from "../capabilities.ts";
import { reaches, without, type Workspace } from "../workspaces.ts";
import { openStream } from "./live.ts";
import type { OpenStreams } from "./open-streams.ts";

export interface BeginningParts {
  readonly workspace: Workspace;
  readonly spot: Spot;
  readonly logger: Logger;
  /** Those that are being written by this connection. */
  readonly lives: Set<LiveMessage>;
  readonly streams: OpenStreams;
  /** Throws where a text cannot be shown. */
  readonly contentOf: (markdown: string) => Content;
  readonly refuse: (failure: PlatformError["failure"], why: string) => PlatformError;
}

/** Begins a stream where Slack has them; null where it has none, which is remembered where it stays so. */
export async function beginStream({ ref }: Chat, options: SendOptions, parts: BeginningParts): Promise<LiveMessage | null> {
  const { workspace, spot, lives, streams } = parts;
  const { features, api, bot } = workspace;
  const { origin, visibleTo, signal, mentions, idempotencyKey } = options;
  const isDirect = spot.channel.startsWith("D");
  const recipient = origin === undefined || origin.author.isBot ? undefined : { userId: origin.author.id, teamId: bot.teamId };
  // Outside of direct messages a stream is for somebody; and one that only one person may see is none.
  if (spot.thread === undefined || visibleTo !== undefined || (!isDirect && recipient === undefined)) return null;
  if (!reaches(features.streams, spot.channel)) return null;
  const begun = await api.startStream(spot, isDirect ? undefined : recipient, signal);
  if ("lacking" in begun) {
    if (begun.lacking === "person") return null;
    features.streams = without(features.streams, begun.lacking, spot.channel);
    parts.logger.info("Slack shows no streams here; answers grow by edits");
    return null;
  }
  const { ts } = begun;
  const sent: Sent = [{ ...ref, messageId: ts }];
  await streams.opened(sent[0]);
  const metadata = metadataOf(idempotencyKey);
  const live: LiveMessage = openStream({
    mentions,
    sent,
    append: (text) => api.appendStream(spot, ts, text, signal),
    stop: () => api.stopStream(spot, ts, metadata),
    replace: (markdown, isLast) => api.update(spot, ts, parts.contentOf(markdown), { signal, ...(isLast ? { metadata } : {}) }),
    remove: () => api.deleteMessage(spot, ts),
    refuse: () => parts.refuse({ kind: "too-long" }, `Slack takes ${capabilityTable.text.maxLength} characters in a message`),
    async onEnd() {
      lives.delete(live);
      await streams.ended(ts);
    },
  });
  lives.add(live);
  return live;
}
