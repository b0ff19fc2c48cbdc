import type { Json } from "@hermes/core";
import { objectsIn, textIn, timestampIn } from "./answers.ts";
import { failureOf, refusalWord } from "./failure.ts";
import type { Calls } from "./calls.ts";

/** Where something is said, in Slack's words. */
export interface Spot {
  readonly channel: string;
  readonly thread?: string | undefined;
}

/** What is shown: blocks, and beside them its beginning as a text, which is all that notifications of phones show. */
export interface Content {
  readonly text: string;
  readonly blocks: readonly Json[];
}

export interface Posting {
  readonly unfurl: boolean;
  /** By which the message can be found again. */
  readonly metadata?: Json | undefined;
}

/** How a message is changed. */
export interface Change {
  readonly signal?: AbortSignal | undefined;
  /** By which it can be found from now on; absent: as before. */
  readonly metadata?: Json | undefined;
}

/** Showing text, and changing what stands there. Each throws a `PlatformError` and nothing else. */
export interface MessageCalls {
  post(spot: Spot, content: Content, posting: Posting, signal?: AbortSignal): Promise<string>;
  /** Shown to one person, until they load the conversation anew. */
  postEphemeral(spot: Spot, userId: string, content: Content, signal?: AbortSignal): Promise<string>;
  update(spot: Spot, ts: string, content: Content, change: Change): Promise<void>;
  /** A message that stands there. */
  contentAt(spot: Spot, ts: string, signal?: AbortSignal): Promise<Content>;
  deleteMessage(spot: Spot, ts: string): Promise<void>;
  react(spot: Spot, ts: string, name: string, present: boolean): Promise<void>;
  /** Answers by an address that came with a press or a command: seen by that person alone. */
  respond(address: string, content: Partial<Content>, signal?: AbortSignal): Promise<void>;
}

export function messageCalls(calls: Calls): MessageCalls {
  const { raw, attempt, options } = calls;
  const fieldsOf = ({ channel, thread }: Spot) => ({ channel, ...(thread === undefined ? {} : { thread_ts: thread }) });
  const update = async (spot: Spot, ts: string, content: Content, { signal, metadata }: Change): Promise<void> => {
    // Slack's default for this method alone is to make links of names.
    const fields = { channel: spot.channel, ts, ...content, metadata, parse: "none", link_names: false };
    try {
      await raw("chat.update", fields, signal);
    } catch (error) {
      if (!isStreaming(error)) throw error;
      // A stream that a process left behind takes no edit while it is one.
      await raw("chat.stopStream", { channel: spot.channel, ts }, signal);
      await raw("chat.update", fields, signal);
    }
  };
  return {
    post(spot, content, { unfurl, metadata }, signal) {
      const what = `send to ${spot.channel}`;
      const fields = {
        ...fieldsOf(spot),
        ...content,
        parse: "none",
        link_names: false,
        unfurl_links: unfurl,
        unfurl_media: unfurl,
        metadata,
      };
      return attempt(what, async () => timestampIn(await raw("chat.postMessage", fields, signal), "ts", what, options.platform));
    },
    postEphemeral(spot, userId, content, signal) {
      const what = `send to one person in ${spot.channel}`;
      const fields = { ...fieldsOf(spot), user: userId, ...content, parse: "none", link_names: false };
      return attempt(what, async () =>
        timestampIn(await raw("chat.postEphemeral", fields, signal), "message_ts", what, options.platform),
      );
    },
    update: (spot, ts, content, change) => attempt(`edit a message in ${spot.channel}`, () => update(spot, ts, content, change)),
    contentAt(spot, ts, signal) {
      const what = `read a message in ${spot.channel}`;
      return attempt(what, async () => {
        const fields = { channel: spot.channel, latest: ts, oldest: ts, inclusive: true, limit: 2 };
        const answer =
          spot.thread === undefined
            ? await raw("conversations.history", fields, signal)
            : await raw("conversations.replies", { ...fields, ts: spot.thread }, signal);
        const found = objectsIn(answer["messages"]).find((message) => message["ts"] === ts);
        if (found !== undefined) return standing(found);
        throw failureOf({ kind: "not-found", what: "message" }, what, "it is gone", options.platform);
      });
    },
    deleteMessage: (spot, ts) =>
      attempt(`delete a message in ${spot.channel}`, async () => void (await raw("chat.delete", { channel: spot.channel, ts }))),
    react(spot, ts, name, present) {
      const done = present ? "already_reacted" : "no_reaction";
      return attempt(`react in ${spot.channel}`, async () => {
        try {
          await raw(present ? "reactions.add" : "reactions.remove", { channel: spot.channel, timestamp: ts, name });
        } catch (error) {
          if (refusalWord(error) !== done) throw error;
        }
      });
    },
    respond: (address, content, signal) => attempt("answer by an address", () => respond(address, content, calls, signal)),
  };
}

/** "limit the number of characters in the text field to 4,000" (chat.update); where there are blocks it is not what is shown. */
const maxTextLength = 4000;

function standing({ text, blocks }: Readonly<Record<string, unknown>>): Content {
  return {
    text: (textIn(text) ?? "").slice(0, maxTextLength).toWellFormed(),
    blocks: Array.isArray(blocks) ? (blocks as readonly Json[]) : [],
  };
}

function isStreaming(error: unknown): boolean {
  return /streaming/u.test(refusalWord(error) ?? "");
}

async function respond(address: string, content: Partial<Content>, { options }: Calls, signal?: AbortSignal): Promise<void> {
  const url = URL.parse(address);
  const isKnown = url !== null && (url.origin === "https://hooks.slack.com" || url.origin === new URL(options.apiRoot).origin);
  // Whoever may name an address must not make the gateway call it.
  if (!isKnown) throw failureOf({ kind: "invalid" }, "answer by an address", "its address is none of Slack's", options.platform);
  const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, ...content });
  const { status } = await options.http.exchange({
    method: "POST",
    url,
    headers: { "content-type": "application/json" },
    body,
    signal,
    silenceMs: options.silenceMs,
  });
  if (status === 200) return;
  // "up to 5 times within 30 minutes" (Handling user interaction, response_url).
  const isOver = status === 404 || status === 403 || status === 410;
  throw failureOf(
    isOver ? { kind: "not-found", what: "message" } : { kind: "unavailable" },
    "answer by an address",
    isOver ? "its address is used up" : `the server answers ${status}`,
    options.platform,
  );
}
