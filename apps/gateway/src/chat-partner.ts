import type { Clock } from "@hermes/core";
import type { Configuration } from "./config/configuration.ts";
import type { Environment } from "./config/environment.ts";
import { compose, explained } from "./compose.ts";
import { homeIsServed, makeHome, serveHomeSoon } from "./home.ts";
import { createFileLocks } from "./locks/file-locks.ts";
import { lockDirectoryOf } from "./locks/lock-paths.ts";
import type { Log } from "./log/log.ts";
import type { Transport } from "./terminal/converse.ts";
import { terminalId } from "./terminal/terminal.ts";
import { makeHomeToken, readHomeToken } from "./terminal/token.ts";

/** Whoever answers a terminal. */
export interface ChatPartner {
  readonly transport: Transport;
  readonly token: string;
  close(): Promise<void>;
}

export interface ChatPartnerParts {
  readonly configuration: Configuration;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The gateway that serves this home, or, where none does, one inside this process that has the terminal's door only.
 *
 * @throws GatewayError when another process has the home and serves no terminals.
 */
export async function findChatPartner(parts: ChatPartnerParts): Promise<ChatPartner> {
  const { home, settings } = parts.configuration;
  await makeHome(home);
  const served = await serveHomeSoon(home, "chat", parts.clock);
  if (!("heldBy" in served)) return startInside(parts, () => served.release());
  const url = served.heldBy?.url;
  const token = settings.server.token ?? (await readHomeToken(home));
  if (url === undefined || token === undefined) throw homeIsServed(home, served.heldBy);
  return { token, transport: (path, init) => fetch(new URL(path, url), init), close: async () => undefined };
}

async function startInside(
  { configuration, environment, clock, log }: ChatPartnerParts,
  release: () => void,
): Promise<ChatPartner> {
  const { home, settings } = configuration;
  try {
    const token = settings.server.token ?? (await makeHomeToken(home));
    const locks = createFileLocks({
      directory: lockDirectoryOf(environment),
      clock,
      holder: { pid: process.pid, home, what: "chat" },
    });
    const { gateway, terminal } = await compose({ configuration, token, locks, clock, logger: log, terminalOnly: true });
    await explained(() => gateway.start());
    return {
      token,
      // No socket: the door is asked as the server would ask it.
      transport: (_path, init) => gateway.fetch(new Request(`http://localhost/webhooks/${terminalId}`, init)),
      async close() {
        terminal.close();
        await gateway.stop();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
