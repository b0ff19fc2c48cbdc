import type { Clock, Logger } from "@hermes/core";
import {
  createGateway,
  isStoreError,
  type Gateway,
  type Locks,
  type Retention,
  type Store,
  type StoreErrorCode,
} from "@hermes/runtime";
import { openSqliteStore } from "@hermes/store/sqlite";
import { echo } from "./agents/echo.ts";
import type { Configuration } from "./config/configuration.ts";
import type { StoreSettings } from "./config/gateway-settings.ts";
import { GatewayError } from "./config/problem.ts";
import { loadPlatforms, type LoadedPlatform } from "./load-platforms.ts";
import { watchReplies } from "./terminal/settled-replies.ts";
import { createTerminal, terminalId, type TerminalDoor } from "./terminal/terminal.ts";

export interface CompositionOptions {
  readonly configuration: Configuration;
  /** The bearer token of the terminal's door. */
  readonly token: string;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Why nothing new should be taken. Default: always room. */
  readonly pressure?: () => string | undefined;
  /** Leaves every platform out but the terminal. */
  readonly terminalOnly?: boolean;
}

/** A gateway out of a configuration, not yet started. */
export interface Composition {
  readonly gateway: Gateway;
  readonly terminal: TerminalDoor;
  readonly platforms: readonly LoadedPlatform[];
  /** Ids of platforms that are configured and cannot be used. */
  readonly broken: readonly string[];
}

/**
 * Builds what the configuration describes.
 *
 * @throws GatewayError when the store cannot be used.
 */
export async function compose(options: CompositionOptions): Promise<Composition> {
  const { configuration, token, locks, clock, logger, pressure, terminalOnly = false } = options;
  const { settings, platforms, allow } = configuration;
  const [store, { loaded, broken }] = await Promise.all([
    openStore(settings.store),
    loadPlatforms(terminalOnly ? [] : platforms, logger, clock),
  ]);
  const terminal = createTerminal({ token, now: () => clock.now() });
  const gateway = createGateway({
    platforms: [...loaded.map(({ platform }) => platform), terminal.platform],
    agent: echo,
    access: {
      allow,
      allowAll: settings.access.allowAll,
      // Who comes by the terminal's door has shown the token.
      allowAllOn: [terminalId, ...loaded.filter(({ allowAll }) => allowAll).map(({ platform }) => platform.id)],
    },
    store: watchReplies(store, terminalId, terminal.settle),
    unknownSends: settings.outbox.unknown,
    locks,
    clock,
    logger,
    language: settings.language,
    retention: retentionOf(settings.store),
    ...(pressure === undefined ? {} : { pressure }),
  });
  return { gateway, terminal, platforms: loaded, broken };
}

/** Whether anybody but a terminal is let in by the configuration. */
export function letsAnybodyIn({ settings, allow }: Configuration, platforms: readonly LoadedPlatform[]): boolean {
  return settings.access.allowAll || allow.length > 0 || platforms.some(({ allowAll }) => allowAll);
}

function retentionOf({ keepBodiesMs, keepHistoryMs }: StoreSettings): Retention {
  return { keepBodiesMs, ...(keepHistoryMs === undefined ? {} : { keepHistoryMs }) };
}

/** Opens the store; its refusal becomes the error the process ends with. */
export async function openStore({ path, synchronous }: StoreSettings): Promise<Store> {
  return explained(() => openSqliteStore({ path, durability: synchronous === "normal" ? "process" : "power" }));
}

/** What ends without anybody looking after this home: another program's lock, a disk without room, a fault of the disk. */
const mayWorkLater: ReadonlySet<StoreErrorCode> = new Set(["busy", "full", "unavailable"]);

/** Runs what a store may refuse; its refusal becomes the error the process ends with. */
export async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isStoreError(error)) throw error;
    const exitCode = mayWorkLater.has(error.code) ? 75 : 78;
    throw new GatewayError(`${error.message} (store.url)`, { exitCode, cause: error });
  }
}
