import { openCalls, type ApiOptions } from "./api/calls.ts";
import { channelCalls, type ChannelCalls } from "./api/channels.ts";
import { downloadCalls, type DownloadCalls } from "./api/downloads.ts";
import { historyCalls, type HistoryCalls } from "./api/history.ts";
import { interactionCalls, type InteractionCalls } from "./api/interactions.ts";
import { messageCalls, type MessageCalls } from "./api/messages.ts";
import { selfCalls, type SelfCalls } from "./api/self.ts";

export type { ApiOptions };

/** The calls this adapter makes. Each throws a `PlatformError` and nothing else. */
export interface Api extends SelfCalls, MessageCalls, ChannelCalls, HistoryCalls, InteractionCalls, DownloadCalls {
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** Opens Discord's API; loads discord.js now. `mediaHosts`: where attachments may be fetched from. */
export async function openApi(options: ApiOptions & { readonly mediaHosts: readonly string[] }): Promise<Api> {
  const calls = await openCalls(options);
  return {
    ...selfCalls(calls),
    ...messageCalls(calls),
    ...channelCalls(calls),
    ...historyCalls(calls),
    ...interactionCalls(calls),
    ...downloadCalls(calls, options.mediaHosts),
    close: () => calls.close(),
  };
}
