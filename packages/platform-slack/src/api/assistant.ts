import type { Calls } from "./calls.ts";
import { refusalWord } from "./failure.ts";
import type { Spot } from "./messages.ts";

export interface SuggestedPrompt {
  readonly title: string;
  readonly message: string;
}

/** What assistant threads have besides messages. */
export interface AssistantCalls {
  /** What the bot is doing; empty: nothing. false: it cannot be shown, and asking again is of no use. */
  setStatus(spot: Spot, status: string): Promise<boolean>;
  suggestPrompts(spot: Spot, prompts: readonly SuggestedPrompt[]): Promise<void>;
}

export function assistantCalls({ raw, attempt }: Calls): AssistantCalls {
  const fieldsOf = ({ channel, thread }: Spot) => ({ channel_id: channel, thread_ts: thread });
  return {
    setStatus: (spot, status) =>
      attempt(`show typing in ${spot.channel}`, async () => {
        try {
          await raw("assistant.threads.setStatus", { ...fieldsOf(spot), status });
          return true;
        } catch (error) {
          const word = refusalWord(error) ?? "";
          if (
            /^(?:missing_scope|unknown_method|method_not_supported\w*|channel_type_not_supported|not_allowed_token_type)$/u.test(
              word,
            )
          )
            return false;
          throw error;
        }
      }),
    suggestPrompts: (spot, prompts) =>
      attempt(`suggest prompts in ${spot.channel}`, async () => {
        await raw("assistant.threads.setSuggestedPrompts", { ...fieldsOf(spot), prompts });
      }),
  };
}
