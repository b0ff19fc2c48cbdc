import type { Chat, Json, MessageRef } from "@hermes/core";
import { runningClock } from "@hermes/testkit";
import type { PlatformBench, PlatformHarness, SampleFile, StandingMessage } from "@hermes/testkit/conformance";
import { onTestFinished } from "vitest";
import { discordHarness } from "../../../../packages/platform-discord/test/harness.ts";
import { matrixHarness } from "../../../../packages/platform-matrix/test/harness.ts";
import { slackHarness } from "../../../../packages/platform-slack/test/harness.ts";
import { telegramHarness } from "../../../../packages/platform-telegram/test/harness.ts";

/** Each platform's own loopback server, as its conformance tests play on it. */
const harnesses = {
  discord: discordHarness,
  matrix: matrixHarness,
  slack: slackHarness({ mode: "socket" }),
  telegram: telegramHarness("polling"),
} as const satisfies Readonly<Record<string, PlatformHarness>>;

export type TownName = keyof typeof harnesses;
export const townNames = Object.keys(harnesses) as readonly TownName[];

/** A platform on loopback with a person on it, in real time. */
export interface Town {
  readonly name: TownName;
  readonly bench: PlatformBench;
  /** Its section of the configuration: only the person is let in. */
  readonly section: Readonly<Record<string, Json>>;
  readonly direct: Chat;
  says(text: string, more?: { readonly in?: Chat; readonly file?: SampleFile }): Promise<MessageRef>;
  /** What the bot has said in a chat, oldest first. */
  answers(chat?: Chat): Promise<readonly StandingMessage[]>;
  /** A message that stands in private. */
  find(messageId: string): Promise<StandingMessage | undefined>;
  /** Waits until the bot has said something like this in private. */
  sees(pattern: RegExp): Promise<void>;
  /** Waits until the bot has said so much in a chat. */
  answered(count: number, chat?: Chat): Promise<readonly StandingMessage[]>;
}

const pollMs = 20;
const patienceMs = 12_000;

/** Opens a platform's server; it is closed when the test ends. */
export async function openTown(name: TownName): Promise<Town> {
  const bench = await harnesses[name].start({ clock: runningClock, doorUrl: "http://127.0.0.1:1/nobody" });
  onTestFinished(() => bench.close());
  const { configuration, mention, places, people } = bench;
  const direct = places.direct?.chat;
  if (direct === undefined || mention === undefined || !isSection(configuration))
    throw new Error(`${name} lacks what a town needs`);
  const answers = async (chat: Chat = direct): Promise<readonly StandingMessage[]> =>
    (await bench.standing(chat)).filter(({ by }) => by === "bot");
  return {
    name,
    bench,
    direct,
    section: {
      ...configuration,
      access: { allow: [mention.userId] },
      burst: { windowMs: 0, splitWindowMs: 0 },
      busy: { mode: "queue" },
    },
    says: async (text, { in: chat = direct, file } = {}) =>
      people.says({ in: chat, text, ...(file === undefined ? {} : { file }) }),
    answers,
    find: async (messageId) => (await bench.standing(direct)).find((message) => message.messageId === messageId),
    async answered(count, chat) {
      return await until(answers, (said) => said.length >= count, `${name}: ${count} answers`, chat);
    },
    async sees(pattern) {
      await until(answers, (said) => said.some(({ text }) => pattern.test(text)), `${name}: an answer like ${String(pattern)}`);
    },
  };
}

function isSection(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Answers = Town["answers"];
type Said = Awaited<ReturnType<Answers>>;

async function until(answers: Answers, isEnough: (said: Said) => boolean, what: string, chat?: Chat): Promise<Said> {
  const untilMs = Date.now() + patienceMs;
  for (;;) {
    const said = await answers(chat);
    if (isEnough(said)) return said;
    if (Date.now() > untilMs) throw new Error(`${what} did not come, but ${JSON.stringify(said.map(({ text }) => text))}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
