import { stat } from "node:fs/promises";
import type { GatewayInfo, HomeChannel, MaintenanceTask, StoreInfo } from "@hermes/protocol";
import type { Gateway, MaintenanceFacts } from "@hermes/runtime";
import { mapChat } from "./map-ledger.ts";

/** What a gateway is asked for, and what only its process knows of itself. */
export interface GatewayInfoParts {
  readonly gateway: Pick<Gateway, "status" | "homeChannels" | "maintenance" | "targetOf">;
  readonly reasons: () => readonly string[];
  readonly connections: () => number;
  readonly startedAtMs: number;
  readonly agent: string;
  readonly version: string;
  readonly home: string;
  readonly storePath: string;
  readonly brokenPlatforms: readonly string[];
  readonly disabledPlatforms: readonly string[];
}

/** Everything that is known of the gateway as a whole. */
export async function readGatewayInfo(parts: GatewayInfoParts): Promise<GatewayInfo> {
  const { gateway, startedAtMs, agent, version, home, storePath, brokenPlatforms, disabledPlatforms } = parts;
  const { phase, runningTurns, busyLanes, pressure, storeWritable, storeRefusal } = gateway.status();
  const reasons = parts.reasons();
  const store: StoreInfo = {
    path: storePath,
    sizeBytes: await sizeOf(storePath),
    writable: storeWritable,
    ...(storeRefusal === undefined ? {} : { refusal: storeRefusal }),
  };
  return {
    version,
    startedAtMs,
    ready: reasons.length === 0,
    reasons,
    runningTurns,
    busyConversations: busyLanes,
    connections: parts.connections(),
    residentBytes: process.memoryUsage.rss(),
    agent,
    phase,
    pid: process.pid,
    home,
    store,
    ...(pressure === undefined ? {} : { pressure }),
    homeChannels: homesOf(gateway),
    maintenance: gateway.maintenance().map(mapTask),
    brokenPlatforms,
    disabledPlatforms,
  };
}

function homesOf(gateway: Pick<Gateway, "homeChannels" | "targetOf">): readonly HomeChannel[] {
  return gateway.homeChannels().map(({ platform, chat, by }) => {
    const target = gateway.targetOf(chat.ref);
    return { platform, ...(target === undefined ? {} : { target }), chat: mapChat(chat), by };
  });
}

function mapTask({ result, ...facts }: MaintenanceFacts): MaintenanceTask {
  const text = result === undefined ? undefined : result.ok ? result.summary : result.failure;
  return { ...facts, ...(result === undefined ? {} : { ok: result.ok }), ...(text === undefined ? {} : { result: text }) };
}

/** Of the database and the log beside it. */
async function sizeOf(path: string): Promise<number> {
  const sizes = await Promise.all([path, `${path}-wal`].map((file) => stat(file).then(({ size }) => size, ifAbsent)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function ifAbsent(error: unknown): number {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
  throw error;
}
