import { openCalls, type ApiOptions as CallOptions } from "./api/calls.ts";
import { chatCalls, type ChatCalls } from "./api/chats.ts";
import { downloadCalls, type DownloadCalls } from "./api/downloads.ts";
import { probe, type Features } from "./api/features.ts";
import { fileCalls, type FileCalls } from "./api/files.ts";
import { messageCalls, type MessageCalls } from "./api/messages.ts";
import { updateCalls, type UpdateCalls } from "./api/updates.ts";

export interface ApiOptions extends CallOptions {
  /** Where a Bot API server on this machine keeps files. */
  readonly localFiles?: string | undefined;
  /** What may be used of what the server can do. Default: nothing. */
  readonly features?: Features;
}

/** The calls this adapter makes. Each throws a `PlatformError` and nothing else. */
export interface Api extends UpdateCalls, MessageCalls, FileCalls, ChatCalls, DownloadCalls {
  /** What is used of what the server can do, as far as is known by now. */
  readonly features: Readonly<Features>;
  /** Asks the server for what may be used, where it may be an older one. */
  probe(signal: AbortSignal): Promise<void>;
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** Opens the Bot API; loads grammY now. */
export async function openApi(options: ApiOptions): Promise<Api> {
  const calls = await openCalls(options);
  const features: Features = { rich: false, drafts: false, ...options.features };
  return {
    ...updateCalls(calls),
    ...messageCalls(calls, features),
    ...fileCalls(calls),
    ...chatCalls(calls),
    ...downloadCalls(calls, options.localFiles),
    features,
    async probe(signal) {
      Object.assign(features, await probe(features, calls, signal));
    },
    close: () => calls.http.close(),
  };
}
