import { join } from "node:path";
import { startBotApiServer, type BotApiServer } from "../../loopback/bot-api.ts";
import { startModelServer } from "../../loopback/model.ts";
import type { Settings } from "../command-line.ts";
import { median, percentile } from "../measure/statistics.ts";
import { temporaryFolder } from "../processes/clean-up.ts";
import { botToken, makeHome, startGateway } from "../processes/gateway.ts";
import { atMost, digits, type Report } from "../report/report.ts";

const warmMessages = 30;
const messages = 200;
const maxOwnMs = 15;
const apiKey = "a-key-of-the-benchmark";
const chatId = 42;

/** When one message was where, in milliseconds of this process's clock. */
interface Way {
  readonly toModelMs: number;
  readonly toChatMs: number;
}

/** What the gateway adds to the time of a model: from a message to the model's request, and from its first word to the chat. */
export async function firstToken(_settings: Settings, tell: (line: string) => void): Promise<Report> {
  await using api = await startBotApiServer({ token: botToken, validate: false });
  let askedAtMs = 0;
  await using model = await startModelServer({
    apiKey,
    script() {
      askedAtMs = performance.now();
      return { text: ["Hello"] };
    },
  });
  using folder = temporaryFolder();
  const home = join(folder.path, "home");
  makeHome(home, { kind: "model", apiRoot: api.apiRoot, baseUrl: model.baseUrl, apiKey });
  await using gateway = await startGateway(home);
  await Promise.race([api.until(() => api.updates.polling), gateway.failed]);
  const ways: Way[] = [];
  for (let count = 0; count < warmMessages + messages; count += 1) {
    const way = await Promise.race([follow(api, () => askedAtMs), gateway.failed]);
    if (count >= warmMessages) ways.push(way);
  }
  tell(`${messages} messages were answered`);
  const own = ways.map(({ toModelMs, toChatMs }) => toModelMs + toChatMs);
  return {
    tables: [
      {
        title: "A message over Telegram to a model that answers at once, one after the other",
        columns: ["", "p50 ms", "p99 ms", "worst ms"],
        rows: [
          row(
            "from the message to the model's request",
            ways.map(({ toModelMs }) => toModelMs),
          ),
          row(
            "from the model's first word to the chat",
            ways.map(({ toChatMs }) => toChatMs),
          ),
          row("both", own),
        ],
      },
    ],
    goals: [atMost("the gateway's own share of the time to the first word, median", median(own), maxOwnMs, "ms")],
    remarks: [
      `${messages} messages of one chat, after ${warmMessages}; every one is in SQLite, on the disk, before it is asked and before it is answered`,
      "the answer is one word, so that it is shown when it ends: longer ones are given 400 ms to be complete in one piece",
    ],
    data: ways,
  };
}

async function follow(api: BotApiServer, askedAtMs: () => number): Promise<Way> {
  const before = shownCount(api);
  const saidAtMs = performance.now();
  api.say("hello", { chat: { id: chatId, type: "private", first_name: "Ada" } });
  await api.until(() => shownCount(api) > before);
  const way = { toModelMs: askedAtMs() - saidAtMs, toChatMs: performance.now() - askedAtMs() };
  await api.until(() => api.updates.polling);
  return way;
}

/** Calls that show something, finished or growing. */
function shownCount(api: BotApiServer): number {
  return api.calls.filter(({ method }) => /^send(?!ChatAction)/u.test(method)).length;
}

function row(name: string, values: readonly number[]): readonly string[] {
  return [name, digits(median(values)), digits(percentile(values, 0.99)), digits(Math.max(...values))];
}
