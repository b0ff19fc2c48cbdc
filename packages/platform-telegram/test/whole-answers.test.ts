import { createConnectionSurface, createStreamConsumer, isReplySettled, type Connection, type ReplyContext } from "@hermes/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { measure } from "../src/encode.ts";
import { closeAfterEach } from "./closing.ts";
import { ada, connectBot, never, type ConnectedBot } from "./connected-bot.ts";
import { SteppingClock } from "@hermes/testkit";
import type { Fault } from "./server.ts";

closeAfterEach();

const refusal = (description: string): Fault => ({ type: "error", code: 400, description: `Bad Request: ${description}` });
const faults: readonly Fault[] = [
  refusal("can't parse entities"),
  refusal("RICH_MESSAGE_INVALID"),
  { type: "error", code: 404, description: "Not Found: method not found" },
  { type: "error", code: 500, description: "Internal Server Error" },
  { type: "rate-limit", retryAfter: 2 },
  { type: "drop", when: "before" },
];
const methods = ["sendMessageDraft", "sendRichMessageDraft", "sendRichMessage"];

/** A piece of an answer whose words are all different. */
const pieces: Readonly<Record<string, (from: number) => string>> = {
  plain: (from) => `${words(from, 20).join(" ")}\n\n`,
  heading: (from) => `# ${words(from, 3).join(" ")}\n\n`,
  table: (from) =>
    `| a | b |\n|---|---|\n${words(from, 20)
      .map((word) => `| ${word} | y |\n`)
      .join("")}\n`,
  long: (from) => `${words(from, 900).join(" ")}\n\n`,
  code: (from) => `\`\`\`js\n${words(from, 200).join("\n")}\n\`\`\`\n\n`,
};

function words(from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `w${from + index}x`);
}

/** Everything that is under way at the server or in us has come back. */
async function quiet({ server }: ConnectedBot): Promise<void> {
  for (let round = 0; round < 8; round++) await new Promise(setImmediate);
  await server.until(() => server.underWay === 0);
  for (let round = 0; round < 4; round++) await new Promise(setImmediate);
}

function contextOf(connection: Connection): ReplyContext {
  return {
    capabilities: connection.capabilitiesFor?.(ada) ?? expect.unreachable("Telegram narrows what it can do"),
    measure,
    firstShowMs: 400,
    unknown: "repeat-marked",
    phrases: { repeatMark: "(again)", undelivered: "(lost)", uncertain: "(?)", fileRefused: (name) => name },
  };
}

test("an answer stands there whole and once, whatever becomes of drafts and of rich messages while it grows", async () => {
  const fault = fc.tuple(fc.constantFrom(...methods), fc.constantFrom(...faults));
  const kinds = fc.array(fc.constantFrom(...Object.keys(pieces)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(kinds, fc.array(fault, { maxLength: 4 }), fc.boolean(), async (given, wrong, drafts) => {
      const bot = await connectBot({ drafts });
      for (const [method, each] of wrong) bot.server.fail(method, each);
      const answer = given.map((kind, index) => pieces[kind]?.(1000 * (index + 1)) ?? "").join("");
      const clock = new SteppingClock();
      const { connection } = bot;
      const options = { signal: never, mentions: [] };
      const surface = createConnectionSurface({ connection, chat: ada, options, idempotencyKey: (key) => `key-${key}`, clock });
      const consumer = createStreamConsumer({ context: contextOf(connection), surface, clock });
      const step = Math.ceil(answer.length / 12);
      for (let start = 0; start < answer.length; start += step) {
        consumer.push({ type: "text-delta", text: answer.slice(start, start + step) });
        await quiet(bot);
        if (clock.waits.length > 0) await clock.skip();
        await quiet(bot);
      }
      consumer.end("finished");
      for (let round = 0; round < 40 && !isReplySettled(consumer.state); round++) {
        await quiet(bot);
        if (!isReplySettled(consumer.state) && clock.waits.length > 0) await clock.skip();
      }
      const said = bot.server
        .texts(42, "bot")
        .join("\n")
        .replace(/<[^>]*>/gu, " ");
      expect([isReplySettled(consumer.state), said.match(/w\d+x/gu)]).toEqual([true, answer.match(/w\d+x/gu)]);
      await connection.disconnect();
      await bot.server.close();
    }),
    { numRuns: 40 },
  );
});
