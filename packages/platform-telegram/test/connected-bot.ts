import { type Chat, type Connection, type SendOptions } from "@hermes/core";
import type { TelegramOptions } from "../src/index.ts";
import { telegram } from "../src/telegram.ts";
import { closing } from "./closing.ts";
import { SteppingClock, RecordingHost } from "@hermes/testkit";
import { startBotApiServer, type BotApiServer } from "./server.ts";

export { platformErrorOf as failed, saying } from "@hermes/testkit";
export const never = new AbortController().signal;
export const options: SendOptions = { signal: never, idempotencyKey: "key", mentions: [] };
export const ada: Chat = { ref: { platform: "telegram", chatId: "42" }, type: "dm" };
export const group: Chat = { ref: { platform: "telegram", chatId: "-1001" }, type: "group", facts: { isForum: true } };
export const topic: Chat = { ref: { platform: "telegram", chatId: "-1001", threadId: "5" }, type: "group" };

/** A bot that is connected, in a private chat and in a forum. */
export interface ConnectedBot {
  readonly server: BotApiServer;
  readonly host: RecordingHost;
  readonly clock: SteppingClock;
  readonly connection: Connection;
}

/** Connects a bot to a Bot API of its own; both end with the test. `prepare` is done to the server before. */
export async function connectBot(
  given: Partial<TelegramOptions> = {},
  prepare: (server: BotApiServer) => void = () => undefined,
): Promise<ConnectedBot> {
  const clock = new SteppingClock();
  const server = await startBotApiServer({ nowMs: () => clock.now() });
  closing.push(() => server.close());
  server.world.ensure(42);
  server.addChat({ id: -1001, type: "supergroup", title: "Forum", is_forum: true }).topics.set(5, "open").set(6, "closed");
  prepare(server);
  const host = new RecordingHost();
  const platform = telegram({ token: server.token, apiRoot: server.apiRoot, ...given }, { silenceMs: 1500, clock });
  const connection = await platform.connect(host, never);
  closing.push(() => connection.disconnect());
  return { server, host, clock, connection };
}
