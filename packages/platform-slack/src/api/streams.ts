import type { Json } from "@hermes/core";
import { timestampIn } from "./answers.ts";
import type { Calls } from "./calls.ts";
import { refusalWord } from "./failure.ts";
import type { Spot } from "./messages.ts";

/** For whom a stream is in a channel: Slack wants to know. */
export interface Recipient {
  readonly userId: string;
  readonly teamId: string;
}

/** Messages that Slack shows while they grow. */
export interface StreamCalls {
  /** undefined: there are none here, and asking again is of no use. */
  startStream(spot: Spot, recipient: Recipient | undefined, signal: AbortSignal): Promise<string | undefined>;
  /** false: Slack has closed the stream by itself, which it does when nothing comes for a few minutes. */
  appendStream(spot: Spot, ts: string, markdown: string, signal: AbortSignal): Promise<boolean>;
  stopStream(spot: Spot, ts: string, metadata: Json | undefined): Promise<boolean>;
}

/** Streams do not exist there: the method, the right, or the kind of conversation is missing. */
const without =
  /^(?:unknown_method|method_not_supported\w*|method_deprecated|missing_scope|not_allowed_token_type|channel_type_not_supported|feature_not_enabled|access_to_feature_disabled|streaming_\w*not\w*|missing_recipient_\w+|team_not_found)$/u;

export function streamCalls({ raw, attempt, options }: Calls): StreamCalls {
  const unlessOver = async (run: () => Promise<unknown>): Promise<boolean> => {
    try {
      await run();
      return true;
    } catch (error) {
      if (refusalWord(error) === "message_not_in_streaming_state") return false;
      throw error;
    }
  };
  return {
    startStream({ channel, thread }, recipient, signal) {
      const what = `begin a stream in ${channel}`;
      const to = recipient === undefined ? {} : { recipient_user_id: recipient.userId, recipient_team_id: recipient.teamId };
      return attempt(what, async () => {
        try {
          const answer = await raw("chat.startStream", { channel, thread_ts: thread, ...to }, signal);
          return timestampIn(answer, "ts", what, options.platform);
        } catch (error) {
          if (without.test(refusalWord(error) ?? "")) return undefined;
          throw error;
        }
      });
    },
    appendStream: ({ channel }, ts, markdown, signal) =>
      attempt(`go on with a stream in ${channel}`, () =>
        unlessOver(() => raw("chat.appendStream", { channel, ts, markdown_text: markdown }, signal)),
      ),
    stopStream: ({ channel }, ts, metadata) =>
      attempt(`end a stream in ${channel}`, () => unlessOver(() => raw("chat.stopStream", { channel, ts, metadata }))),
  };
}
