import type { LiveMessage, Sent } from "@hermes/core";
import { capabilityTable } from "../capabilities.ts";
import { slackMarkdown } from "../encode/slack-markdown.ts";

/** What a stream is made of. Each call throws a `PlatformError`. */
export interface StreamParts {
  readonly mentions: readonly string[];
  readonly sent: Sent;
  /** false: Slack has closed the stream. */
  append(text: string): Promise<boolean>;
  stop(): Promise<boolean>;
  /** Makes the message show all of it, whatever it is by now; as what stays there, where that is the end. */
  replace(markdown: string, isLast: boolean): Promise<void>;
  remove(): Promise<void>;
  refuse(kind: "too-long"): Error;
  onEnd(): Promise<void>;
}

/** chat.appendStream is of tier 4, 100 a minute and more for the whole workspace: so that one answer leaves room for others. */
const minIntervalMs = 1000;

/**
 * A message that Slack shows while it grows. What is shown only grows; where the rest of a text decides what its beginning is (a table, a
 * piece of code), that waits. A stream that Slack closed, as it does when nothing comes for minutes, goes on as edits of its message.
 */
export function openStream(parts: StreamParts): LiveMessage {
  const { mentions } = parts;
  const { maxLength } = capabilityTable.text;
  let shown = "";
  let isShown = false;
  let isStream = true;
  let isEnded = false;

  const show = async (markdown: string, isPartial: boolean): Promise<void> => {
    const text = slackMarkdown(markdown, { mentions, isPartial });
    if (slackMarkdown(markdown).length > maxLength) throw parts.refuse("too-long");
    if (isStream && text.startsWith(shown)) {
      const more = text.slice(shown.length);
      if (more === "") return;
      // It may be there also when no answer comes.
      isShown = true;
      isStream = await parts.append(more);
      if (isStream) shown = text;
    } else if (isStream) {
      // It was promised only to grow, and did not: it is an ordinary message from here on.
      await parts.stop();
      isStream = false;
    }
    if (isStream || markdown.trim() === "") return;
    await parts.replace(markdown, !isPartial);
    isShown = true;
  };

  const end = async (): Promise<void> => {
    isEnded = true;
    await parts.onEnd();
  };

  return {
    mode: "append",
    maxLength,
    minIntervalMs,
    async update({ markdown }) {
      if (!isEnded) await show(markdown, true);
    },
    async finish({ markdown }) {
      await show(markdown, false);
      if (isStream && !(await parts.stop())) {
        // It was closed since the last piece: what stands there has to be found as this message all the same.
        isStream = false;
        await parts.replace(markdown, true);
      }
      await end();
      return parts.sent;
    },
    async abandon() {
      if (isEnded) return;
      isEnded = true;
      // What it says stays: of a message that only grows the gateway counts that as said, and says the rest elsewhere.
      if (isStream) await parts.stop();
      if (!isShown) await parts.remove();
      // Not before: what could not be ended is when the app connects again.
      await parts.onEnd();
    },
  };
}
