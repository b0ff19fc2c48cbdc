import { isPlatformError, type Logger, type PlatformEvent } from "@hermes/core";
import { assistantThreadSchema } from "../decode/schemas.ts";
import { parseChannel } from "../place.ts";
import type { Workspaces } from "../workspaces.ts";

export interface AfterStoringParts {
  readonly workspaces: Workspaces | undefined;
  readonly logger: Logger;
  readonly suggestedPrompts: readonly (string | { readonly title: string; readonly message: string })[];
}

/** What the adapter itself does about events, once they are stored. Never throws, and is not waited for. */
export function afterStoring(events: readonly PlatformEvent[], parts: AfterStoringParts): void {
  for (const event of events) {
    if (event.type !== "other" || event.undecodable === true) continue;
    switch (event.name) {
      case "assistant_thread_started":
        void suggestPrompts(event.payload, event.chat.ref.chatId, parts);
        break;
      case "tokens_revoked":
      case "app_uninstalled":
        void parts.workspaces?.recheck(event.chat.ref.chatId);
        break;
      default:
    }
  }
}

async function suggestPrompts(
  payload: unknown,
  chatId: string,
  { workspaces, logger, suggestedPrompts }: AfterStoringParts,
): Promise<void> {
  const thread = assistantThreadSchema.safeParse(payload).data?.assistant_thread;
  const workspace = workspaces?.byTeam(parseChannel(chatId)?.team ?? chatId);
  if (thread === undefined || workspace === undefined || suggestedPrompts.length === 0) return;
  const prompts = suggestedPrompts.map((prompt) => (typeof prompt === "string" ? { title: prompt, message: prompt } : prompt));
  try {
    await workspace.api.suggestPrompts({ channel: thread.channel_id, thread: thread.thread_ts }, prompts);
  } catch (error) {
    logger.debug(isPlatformError(error) ? error.message : "Prompts could not be suggested");
  }
}
