import type { FakeClock } from "../fake-clock.ts";
import type { ChatWorld } from "./chat-platform.ts";
import type { BotMessage } from "./conversation.ts";
import { waitFor } from "./patience.ts";
import { writeMessage, writeTranscript } from "./transcript.ts";

/**
 * What is expected of the bot, in order: each of these takes the next message that was not looked at yet, waits for it as long as it
 * must, and throws with the whole conversation when it is not the right one.
 */
export interface ChatBot {
  /** The next message says exactly this, white space at its ends aside. */
  says(text: string): Promise<BotMessage>;
  saysMatching(pattern: RegExp): Promise<BotMessage>;
  /** The next message has exactly these buttons. */
  shows(...labels: readonly string[]): Promise<BotMessage>;
  /** The next message brings a file with this name. */
  sends(fileName: string): Promise<BotMessage>;
  /** Nothing comes that was not looked at, for so long on the clock. Default 10 s. */
  saysNothing(options?: { readonly forMs?: number }): Promise<void>;
  /** The next message, whatever it is. */
  speaks(): Promise<BotMessage>;
}

/** How long the bot has to say what is expected, on the fake clock. */
const withinMs = 60_000;

export function createBot(world: ChatWorld, chatId: string, clock: FakeClock): ChatBot {
  let seen = 0;
  const messages = (): readonly BotMessage[] => world.standing.filter(({ ref }) => ref.chatId === chatId);
  const fail = (...lines: readonly string[]): Error =>
    new Error([...lines, "", "The conversation so far:", writeTranscript(world.happenings.get(chatId) ?? [])].join("\n"));
  const take = async (expected: string): Promise<BotMessage> => {
    await waitFor(clock, () => messages().length > seen, withinMs);
    const message = messages()[seen];
    if (message === undefined) throw fail(`Expected the bot ${expected}`, "But it said nothing more.");
    seen += 1;
    return message;
  };
  const check = async (expected: string, fits: (message: BotMessage) => boolean): Promise<BotMessage> => {
    const message = await take(expected);
    if (!fits(message)) throw fail(`Expected the bot ${expected}`, `But it said:             ${writeMessage(message)}`);
    return message;
  };
  return {
    says: (text) => check(`to say: ${text}`, (message) => message.text.trim() === text.trim()),
    saysMatching: (pattern) => check(`to say something like ${String(pattern)}`, ({ text }) => text.search(pattern) >= 0),
    shows: (...labels) =>
      check(
        `to show ${labels.map((label) => `[${label}]`).join(" ")}`,
        ({ buttons }) => buttons.join("\n") === labels.join("\n"),
      ),
    sends: (fileName) => check(`to send ${fileName}`, ({ files }) => files.some(({ name }) => name === fileName)),
    speaks: () => take("to say something"),
    async saysNothing({ forMs = 10_000 } = {}) {
      await clock.advance(forMs);
      const message = messages()[seen];
      if (message !== undefined)
        throw fail("Expected the bot to say nothing", `But it said:             ${writeMessage(message)}`);
    },
  };
}
