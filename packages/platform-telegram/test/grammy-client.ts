import { Bot, GrammyError } from "grammy";
import { expect } from "vitest";
import { closing } from "./closing.ts";
import { startBotApiServer, type BotApiServer, type BotApiServerOptions } from "./server.ts";

/** A server, and grammY's own client for it. */
export async function start(options: BotApiServerOptions = {}): Promise<{ server: BotApiServer; bot: Bot }> {
  const server = await startBotApiServer(options);
  closing.push(() => server.close());
  return { server, bot: new Bot(server.token, { client: { apiRoot: server.apiRoot } }) };
}

/** grammY's own polling, stopped at the end. */
export function run(bot: Bot): void {
  const running = bot.start();
  closing.push(async () => {
    await bot.stop();
    await running.catch(() => undefined);
  });
}

/** What a call was refused with. */
export function refusal(call: Promise<unknown>): Promise<GrammyError> {
  return call.then(
    () => expect.unreachable("the call was answered"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(GrammyError);
      return error as GrammyError;
    },
  );
}
