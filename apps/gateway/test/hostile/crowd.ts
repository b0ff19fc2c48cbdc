import type { BotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { person } from "../../../../packages/platform-telegram/test/server.ts";
import { anyPort } from "../serve.ts";

/** People who talk to the bot at the same time, each in a chat of their own. */
export interface Crowd {
  /** Everybody says the next thing. */
  talk(): void;
  /** What was said and has no answer yet. */
  unanswered(): readonly string[];
  /** What stands more often than it was said. */
  repeated(): readonly string[];
  answered(): number;
}

/** `config.yaml` of a gateway that a crowd talks to: it counts on an answer for each message, however many wait. */
export function crowdConfig({ apiRoot }: BotApiServer): string {
  const telegram = `apiRoot: "${apiRoot}", pace: none, access: { allowAll: true }, burst: { windowMs: 0, splitWindowMs: 0 }`;
  return `${anyPort}busy: { mode: queue }\nplatforms: { telegram: { ${telegram} } }\n`;
}

/** A crowd whose messages are of about `sizeCharacters`. */
export function crowd(api: BotApiServer, people: number, sizeCharacters: number): Crowd {
  const ids = Array.from({ length: people }, (_, index) => 1001 + index);
  const said: { readonly id: number; readonly text: string }[] = [];
  let round = 0;
  const answers = (): readonly string[] => ids.flatMap((id) => api.texts(id, "bot"));
  return {
    talk() {
      round += 1;
      for (const id of ids) {
        const text = `message ${round} of ${id} ${"x".repeat(sizeCharacters)}`;
        said.push({ id, text });
        api.say(text, { from: person(id, `Person ${id}`) });
      }
    },
    unanswered() {
      const standing = new Set(answers());
      return said.filter(({ text }) => !standing.has(`echo: ${text}`)).map(({ text }) => text.slice(0, 30));
    },
    repeated() {
      const seen = new Set<string>();
      return answers().filter((text) => seen.size === seen.add(text).size);
    },
    answered: () => answers().length,
  };
}
