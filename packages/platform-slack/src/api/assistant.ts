import type { Calls } from "./calls.ts";
import { refusalWord } from "./failure.ts";
import type { Spot } from "./messages.ts";
import type { Lack } from "../workspaces.ts";

export interface SuggestedPrompt {
  readonly title: string;
  readonly message: string;
}

/** What assistant threads have besides messages. */
export interface AssistantCalls {
  /** What the bot is doing; empty: nothing. Where it cannot be shown, to whom that is refused: asking again is of no use. */
  setStatus(spot: Spot, status: string): Promise<Lack | undefined>;
  suggestPrompts(spot: Spot, prompts: readonly SuggestedPrompt[]): Promise<void>;
}

export function assistantCalls({ raw, attempt }: Calls): AssistantCalls {
  const fieldsOf = ({ channel, thread }: Spot) => ({ channel_id: channel, thread_ts: thread });
  return {
    setStatus: (spot, status) =>
      attempt(`show typing in ${spot.channel}`, async () => {
        try {
          await raw("assistant.threads.setStatus", { ...fieldsOf(spot), status });
          return undefined;
        } catch (error) {
          const word = refusalWord(error) ?? "";
          if (/^(?:channel_type_not_supported|method_not_supported_for_channel_type)$/u.test(word)) return "conversation";
          if (/^(?:missing_scope|unknown_method|method_not_supported|not_allowed_token_type)$/u.test(word)) return "app";
          throw error;
        }
      }),
    suggestPrompts: (spot, prompts) =>
      attempt(`suggest prompts in ${spot.channel}`, async () => {
        await raw("assistant.threads.setSuggestedPrompts", { ...fieldsOf(spot), prompts });
      }),
  };
}
