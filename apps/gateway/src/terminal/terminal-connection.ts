import {
  PlatformError,
  type Chat,
  type Connection,
  type LiveMessage,
  type ReplyView,
  type SendOptions,
  type Sent,
} from "@hermes/core";
import type { AnswerStream } from "./answer-stream.ts";

/** The streams of terminals that wait, by the id of the message they sent. */
export type OpenAnswers = ReadonlyMap<string, AnswerStream>;

/** The terminal's live half: whatever is said goes to the terminal that asked, and nowhere else. */
export function createTerminalConnection(
  platform: string,
  open: OpenAnswers,
): Pick<Connection, "identity" | "send" | "disconnect"> & {
  openLive(chat: Chat, options: SendOptions): Promise<LiveMessage | null>;
} {
  let sentCount = 0;
  const streamOf = ({ origin }: SendOptions): AnswerStream | undefined => open.get(origin?.message?.messageId ?? "");
  const sent = (chat: Chat): Sent => [{ ...chat.ref, messageId: `answer-${(sentCount += 1)}` }];
  return {
    identity: { id: platform, name: "Terminal" },
    async send(chat, message, options) {
      const stream = streamOf(options);
      if (stream === undefined) throw gone(platform);
      stream.write({ type: "text", text: message.texts.join("\n\n") });
      stream.write({ type: "message-end" });
      return sent(chat);
    },
    async openLive(chat, options) {
      const stream = streamOf(options);
      return stream === undefined ? null : liveMessage(stream, () => sent(chat));
    },
    async disconnect() {
      // There is nothing to hang up: each terminal has its own request.
    },
  };
}

function liveMessage(stream: AnswerStream, sent: () => Sent): LiveMessage {
  let shown = "";
  const show = ({ markdown }: ReplyView): void => {
    // What stands in a terminal stays there, so only what is new is written.
    const text = markdown.startsWith(shown) ? markdown.slice(shown.length) : markdown;
    shown = markdown;
    if (text !== "") stream.write({ type: "text", text });
  };
  return {
    mode: "append",
    maxLength: null,
    minIntervalMs: 40,
    async update(view) {
      show(view);
    },
    async finish(view) {
      show(view);
      stream.write({ type: "message-end" });
      return sent();
    },
    async abandon() {
      stream.write({ type: "message-end" });
    },
  };
}

/** The terminal hung up: nothing was shown, and nothing will be. */
function gone(platform: string): PlatformError {
  return new PlatformError({
    platform,
    failure: { kind: "forbidden" },
    message: "The terminal that asked has gone",
    maybeDone: false,
  });
}
