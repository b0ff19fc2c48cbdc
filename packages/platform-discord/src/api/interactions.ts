import type { Calls } from "./calls.ts";
import { refusalCode, toPlatformFailure } from "./failure.ts";

/** Answers to what people set off. Each throws a `PlatformError` and nothing else. */
export interface InteractionCalls {
  /** The one answer that Discord waits for; too late, or a second one, is no failure. Whether it was taken. */
  answerInteraction(id: string, token: string, answer: object): Promise<boolean>;
  /** Takes back the answer that said to wait. */
  deleteInteractionAnswer(applicationId: string, token: string): Promise<void>;
}

/** "10062 Unknown interaction" (too late), "40060 Interaction has already been acknowledged", "10015 Unknown webhook", "10008 Unknown message", "50027 Invalid webhook token". */
const over: ReadonlySet<number> = new Set([10_008, 10_015, 10_062, 40_060, 50_027]);

export function interactionCalls({ raw, platform }: Calls): InteractionCalls {
  return {
    async answerInteraction(id, token, answer) {
      const path = `/interactions/${id}/${encodeURIComponent(token)}/callback` as const;
      try {
        await raw({ method: "POST", path, body: answer, isAuthorized: false });
        return true;
      } catch (error) {
        if (over.has(refusalCode(error) ?? 0)) return false;
        throw toPlatformFailure(error, "answer an interaction", platform);
      }
    },
    async deleteInteractionAnswer(applicationId, token) {
      const path = `/webhooks/${applicationId}/${encodeURIComponent(token)}/messages/@original` as const;
      try {
        await raw({ method: "DELETE", path, isAuthorized: false });
      } catch (error) {
        if (!over.has(refusalCode(error) ?? 0)) throw toPlatformFailure(error, "take back an answer", platform);
      }
    },
  };
}
