import type { Json } from "@hermes/core";
import { timestampIn } from "./answers.ts";
import type { Calls } from "./calls.ts";
import { refusalWord } from "./failure.ts";
import type { Spot } from "./messages.ts";
import type { Lack } from "../workspaces.ts";

/** For whom a stream is in a channel: Slack wants to know. */
export interface Recipient {
  readonly userId: string;
  readonly teamId: string;
}

/** Messages that Slack shows while they grow. */
export interface StreamCalls {
  /** The message that grows; or to whom Slack shows none, so that asking again is of no use. */
  startStream(
    spot: Spot,
    recipient: Recipient | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly ts: string } | { readonly lacking: Lack | "person" }>;
  /** false: Slack has closed the stream by itself, which it does when nothing comes for a few minutes. */
  appendStream(spot: Spot, ts: string, markdown: string, signal: AbortSignal): Promise<boolean>;
  stopStream(spot: Spot, ts: string, metadata: Json | undefined, signal?: AbortSignal): Promise<boolean>;
}

/** Which streams do not exist: for the app (the method or the right is missing), in this kind of conversation, for this person. */
const refusals: readonly (readonly [RegExp, Lack | "person"])[] = [
  [
    /^(?:unknown_method|method_not_supported|method_deprecated|missing_scope|not_allowed_token_type|feature_not_enabled|access_to_feature_disabled|streaming_\w*not\w*)$/u,
    "app",
  ],
  [/^(?:channel_type_not_supported|method_not_supported_for_channel_type)$/u, "conversation"],
  // Somebody of another workspace, in a shared channel.
  [/^(?:missing_recipient_\w+|team_not_found|user_not_found|invalid_recipient\w*)$/u, "person"],
];

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
          return { ts: timestampIn(answer, "ts", what, options.platform) };
        } catch (error) {
          const word = refusalWord(error) ?? "";
          const lacking = refusals.find(([pattern]) => pattern.test(word))?.[1];
          if (lacking !== undefined) return { lacking };
          throw error;
        }
      });
    },
    appendStream: ({ channel }, ts, markdown, signal) =>
      attempt(`go on with a stream in ${channel}`, () =>
        unlessOver(() => raw("chat.appendStream", { channel, ts, markdown_text: markdown }, signal)),
      ),
    stopStream: ({ channel }, ts, metadata, signal) =>
      attempt(`end a stream in ${channel}`, () => unlessOver(() => raw("chat.stopStream", { channel, ts, metadata }, signal))),
  };
}
