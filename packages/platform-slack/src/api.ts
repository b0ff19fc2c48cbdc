import { assistantCalls, type AssistantCalls } from "./api/assistant.ts";
import { openCalls, type CallsOptions } from "./api/calls.ts";
import { chatCalls, type ChatCalls } from "./api/chats.ts";
import { downloadCalls, type DownloadCalls } from "./api/downloads.ts";
import { fileCalls, type FileCalls } from "./api/files.ts";
import { identityCalls, type IdentityCalls } from "./api/identity.ts";
import { lookupCalls, type LookupCalls } from "./api/lookup.ts";
import { messageCalls, type MessageCalls } from "./api/messages.ts";
import { streamCalls, type StreamCalls } from "./api/streams.ts";

/** The calls this adapter makes to one workspace. Each throws a `PlatformError` and nothing else. */
export interface Api
  extends IdentityCalls, MessageCalls, FileCalls, DownloadCalls, ChatCalls, LookupCalls, StreamCalls, AssistantCalls {}

export type ApiOptions = CallsOptions;

/** Opens the Web API of one workspace; loads Bolt now. */
export async function openApi(options: ApiOptions): Promise<Api> {
  const calls = await openCalls(options);
  return {
    ...identityCalls(calls),
    ...messageCalls(calls),
    ...fileCalls(calls),
    ...downloadCalls(calls),
    ...chatCalls(calls),
    ...lookupCalls(calls),
    ...streamCalls(calls),
    ...assistantCalls(calls),
  };
}
