import type { Clock } from "@hermes/core";
import type { Configuration } from "./config/configuration.ts";
import type { Environment } from "./config/environment.ts";
import { compose, explained } from "./compose.ts";
import { GatewayError } from "./config/problem.ts";
import { ownerId, type Credential } from "./credentials/credential.ts";
import { readHomeToken } from "./credentials/home-token.ts";
import { openInsideWire } from "./home-client/inside-wire.ts";
import { openSocketWire, type Address } from "./home-client/socket-wire.ts";
import type { Wire } from "./home-client/wire.ts";
import { homeIsServed, makeHome, serveHomeSoon } from "./home.ts";
import { createFileLocks } from "./locks/file-locks.ts";
import { readHolderNote, type HolderNote } from "./locks/holder-note.ts";
import { homeLockPathOf, lockDirectoryOf } from "./locks/lock-paths.ts";
import type { Log } from "./log/log.ts";
import { serveDoors } from "./serve-doors.ts";

/** Whoever answers a terminal. */
export interface ChatPartner {
  /** A new connection, also after one has broken off. Throws `GatewayError` when there is none to be had. */
  open(): Promise<Wire>;
  /** A gateway that others reach too; false: one inside this process, which ends with it. */
  readonly isShared: boolean;
  close(): Promise<void>;
}

export interface ChatPartnerParts {
  readonly configuration: Configuration;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps a value out of the log from now on. */
  readonly conceal: (secret: string) => void;
}

/**
 * The gateway that serves this home, or, where none does, one inside this process that has the gateway's own door only.
 *
 * @throws GatewayError when another process has the home and serves no terminals.
 */
export async function findChatPartner(parts: ChatPartnerParts): Promise<ChatPartner> {
  const { home } = parts.configuration;
  await makeHome(home);
  const served = await serveHomeSoon(home, "chat", parts.clock);
  if (!("heldBy" in served)) return startInside(parts, () => served.release());
  if ((await addressOf(parts.configuration, served.heldBy)) === undefined) throw homeIsServed(home, served.heldBy);
  return {
    isShared: true,
    async open() {
      // A gateway that was started anew may listen elsewhere, and a token may have been rotated.
      const address = await addressOf(parts.configuration, readHolderNote(homeLockPathOf(home)));
      if (address !== undefined) return await openSocketWire(address);
      throw new GatewayError("No gateway serves this home now. Start it: hermes gateway run", { exitCode: 75 });
    },
    close: async () => undefined,
  };
}

async function addressOf({ home, settings }: Configuration, holder: HolderNote | undefined): Promise<Address | undefined> {
  const url = holder?.url;
  const token = settings.server.token ?? (await readHomeToken(home));
  return url === undefined || token === undefined ? undefined : { url, token, tls: settings.server.tls };
}

async function startInside(
  { configuration, environment, clock, log, conceal }: ChatPartnerParts,
  release: () => void,
): Promise<ChatPartner> {
  try {
    const locks = createFileLocks({
      directory: lockDirectoryOf(environment),
      clock,
      holder: { pid: process.pid, home: configuration.home, what: "chat" },
    });
    const composition = await compose({ configuration, tokens: [], locks, clock, logger: log, conceal, doorOnly: true });
    const { gateway, doors } = composition;
    // Nothing of a token made here is ever logged: it is written to its file alone.
    serveDoors({ configuration, composition, clock, logger: log, reasons: () => [], hide: () => undefined });
    await explained(() => gateway.start());
    return {
      isShared: false,
      open: () => openInsideWire(gateway, doors, insideCredential),
      async close() {
        doors.close();
        await gateway.stop();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Whoever runs the process may do everything in it. */
const insideCredential: Credential = {
  id: "this process",
  userId: ownerId,
  scope: "admin",
  ended: new AbortController().signal,
};
