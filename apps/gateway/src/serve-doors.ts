import { agentLabel } from "./agents/load-agents.ts";
import type { Attachment, Clock, Logger } from "@hermes/core";
import { RpcError } from "@hermes/protocol";
import type { Composition } from "./compose.ts";
import type { Configuration } from "./config/configuration.ts";
import { ownerId } from "./credentials/credential.ts";
import { rotateHomeToken } from "./credentials/home-token.ts";
import { homeTokenId } from "./credentials/token-facts.ts";
import { doorId, type ServedMethods } from "./doors.ts";
import { createConversationHandlers } from "./rpc/conversation-handlers.ts";
import { createLedgerHandlers } from "./rpc/ledger-handlers.ts";
import { createOperatorHandlers } from "./rpc/operator-handlers.ts";
import { readGatewayInfo } from "./rpc/gateway-info.ts";
import { createSendMessage } from "./rpc/send-message.ts";
import { readVersion } from "./version.ts";

export interface ServeDoorsParts {
  readonly configuration: Configuration;
  /** From now on this text is hidden wherever it would be logged. */
  readonly hide: (secret: string) => void;
  readonly composition: Composition;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Why the gateway does not do what it is configured for. */
  readonly reasons: () => readonly string[];
}

/** Serves the gateway's own door with everything the gateway can tell. */
export function serveDoors(parts: ServeDoorsParts): void {
  const { composition, configuration, clock, reasons } = parts;
  const { gateway, doors, platforms } = composition;
  let lastRotation: Promise<unknown> = Promise.resolve();
  const changed = (sessionKey: string): void => doors.web.publish(sessionKey, { type: "session.changed" });
  const doorIds = platforms.filter(({ manifest }) => manifest.paths !== undefined).map(({ platform }) => platform.id);
  const ownDoors = new Set([doorId, ...doorIds]);
  const info = {
    gateway,
    reasons,
    connections: () => doors.web.connectionCount,
    startedAtMs: clock.now(),
    agent: agentLabel(configuration),
    version: readVersion(),
    home: configuration.home,
    storePath: configuration.settings.store.path,
    brokenPlatforms: composition.broken,
    disabledPlatforms: configuration.platforms.flatMap(({ id, state }) => (state === "disabled" ? [id] : [])),
  };
  const served: ServedMethods = {
    ...createLedgerHandlers({
      ledger: gateway.ledger,
      platforms: () => gateway.status().platforms,
      isReady: () => reasons().length === 0,
      doors: ownDoors,
    }),
    ...createConversationHandlers({ conversations: gateway.conversations, pathOf, changed }),
    ...createOperatorHandlers({
      gateway,
      readInfo: () => readGatewayInfo(info),
      ownDoors,
      makeCode: () => doors.codes.make(),
      sendMessage: createSendMessage(gateway),
      rotateToken(keepMs) {
        // One after the other: each has a token in the file that the next one ends.
        const rotation = lastRotation.then(() => rotate(keepMs, parts));
        lastRotation = rotation.catch(() => undefined);
        return rotation;
      },
    }),
  };
  doors.serve(gateway, served);
}

/** A file that was uploaded to the gateway knows itself where it lies. */
function pathOf({ ticket }: Attachment): string | undefined {
  const isRecord = typeof ticket === "object" && ticket !== null && !Array.isArray(ticket);
  const upload: unknown = isRecord ? (ticket as Readonly<Record<string, unknown>>)["upload"] : undefined;
  return typeof upload === "string" && /^[\w-]{22}$/u.test(upload) ? `/v1/files/${upload}` : undefined;
}

/** Nothing is said of the new token but that it is there: whoever may read it reads it in its file. */
async function rotate(keepMs: number, { configuration, composition, clock, hide }: ServeDoorsParts): Promise<number> {
  const { home, settings } = configuration;
  if (settings.server.token !== undefined)
    throw new RpcError(
      "conflict",
      "The token stands in the configuration: change `server.token` there, and name the old one in `server.previousToken`.",
    );
  const { tokens } = composition.doors;
  const untilMs = clock.now() + keepMs;
  const token = await rotateHomeToken(home, untilMs);
  hide(token);
  // Those that are good now, whatever stood in the file.
  tokens.endAt(homeTokenId, untilMs);
  tokens.add({ id: homeTokenId, token, scope: "admin", userId: ownerId });
  return untilMs;
}
