import { startBotApiServer, type BotApiServer } from "../../loopback/bot-api.ts";
import type { Settings } from "../command-line.ts";
import { versionOf } from "../measure/version.ts";
import { ownProgram } from "../places.ts";
import { temporaryFolder } from "../processes/clean-up.ts";
import { botToken, makeHome, startGateway, webhookSecret, type Synchronous } from "../processes/gateway.ts";
import { startProgram, type Program } from "../processes/program.ts";
import { addressLine, asEnvironment } from "./contender-options.ts";

export const contenderNames = ["gateway", "chat-sdk", "grammy"] as const;
export type ContenderName = (typeof contenderNames)[number];

/** What each contender is, for the table. */
export function contenderTitle(name: ContenderName): string {
  switch (name) {
    case "gateway":
      return "Hermes Gateway (stores every message in SQLite)";
    case "chat-sdk":
      return `Vercel Chat SDK ${versionOf(import.meta.resolve("chat"))} (in memory)`;
    case "grammy":
      return `bare grammY ${versionOf(import.meta.resolve("grammy"))} (stores nothing)`;
  }
}

/** A bot in a process of its own, and the Bot API it talks to, in this one. */
export interface Contender extends AsyncDisposable {
  readonly program: Program;
  readonly api: BotApiServer;
  readonly webhook: { readonly url: string; readonly secret: string };
}

export async function startContender(
  name: ContenderName,
  { nodeArguments, synchronous }: Pick<Settings, "nodeArguments" | "synchronous">,
): Promise<Contender> {
  await using stack = new AsyncDisposableStack();
  const api = stack.use(await startBotApiServer({ token: botToken, validate: false }));
  const folder = stack.use(temporaryFolder());
  const { program, url } = await startBot(name, api, folder.path, nodeArguments, synchronous);
  stack.use(program);
  const owned = stack.move();
  return { program, api, webhook: { url, secret: webhookSecret }, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function startBot(
  name: ContenderName,
  api: BotApiServer,
  folder: string,
  nodeArguments: readonly string[],
  synchronous: Synchronous,
): Promise<{ readonly program: Program; readonly url: string }> {
  if (name === "gateway") {
    makeHome(folder, { kind: "telegram", mode: "webhook", apiRoot: api.apiRoot, synchronous });
    const program = await startGateway(folder, { nodeArguments, isWatched: true });
    // Its platforms connect in the background: until then answers would wait.
    await api.until(() => api.callsOf("getMe").length > 0 && api.underWay === 0);
    return { program, url: `${program.url}/webhooks/telegram` };
  }
  const program = await startProgram({
    script: ownProgram(`contender-${name}`),
    nodeArguments,
    isWatched: true,
    environment: asEnvironment({ apiRoot: api.apiRoot, botToken, botName: api.bot.username, webhookSecret }),
    folder,
    ready: addressLine,
  });
  return { program, url: `http://127.0.0.1:${addressLine.exec(program.readyLine)?.[1] ?? ""}/` };
}
