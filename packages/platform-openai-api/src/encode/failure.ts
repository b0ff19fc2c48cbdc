import { ApiError, notNow } from "../api-error.ts";
import type { Answer } from "../exchange/answer.ts";

/** Asked once more by itself, the agent would do everything again. */
const noRetry = { "x-should-retry": "false" };

/** What went wrong with an answer; undefined where there is one, also one that was cut short. */
export function failureOf({ outcome, text }: Answer): ApiError | undefined {
  switch (outcome.kind) {
    case "finished":
      return undefined;
    case "interrupted":
      if (text !== "") return undefined;
      return failed(503, "answer_interrupted", "The request was stopped before anything was said");
    case "failed":
      return failed(500, "agent_failed", outcome.message === "" ? "The agent failed" : outcome.message);
    case "dropped":
      return failed(503, "request_dropped", "A command in the same session took the request out of the queue");
    case "too-long":
      return failed(500, "answer_too_long", "The answer became too long, and was stopped");
    case "shutdown":
      return notNow(503, "shutting_down", "The gateway is stopping: try again later", 5);
  }
}

function failed(status: 500 | 503, code: string, message: string): ApiError {
  return new ApiError({ status, code, message, headers: noRetry });
}
