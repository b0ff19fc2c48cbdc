import type { Agent, AgentFunction, Clock, Logger } from "@hermes/core";
import {
  createGateway,
  isStoreError,
  type DeliveryOptions,
  type BusyPolicy,
  type Gateway,
  type GatewayOptions,
  type Locks,
  type RestartOptions,
  type Retention,
  type Store,
  type StoreErrorCode,
  type SupervisionOptions,
  type TargetForm,
} from "@hermes/runtime";
import { openSqliteStore } from "@hermes/store/sqlite";
import type { WebLimits } from "@hermes/platform-web";
import { loadAgents } from "./agents/load-agents.ts";
import type { Configuration } from "./config/configuration.ts";
import type { UsablePlatform } from "./config/platform-section.ts";
import type { StoreSettings } from "./config/gateway-settings.ts";
import { describeProblem, GatewayError } from "./config/problem.ts";
import { ownerId } from "./credentials/credential.ts";
import type { TokenFacts } from "./credentials/tokens.ts";
import { doorId, openDoors, type Doors } from "./doors.ts";
import { KeptFiles } from "./files/kept-files.ts";
import { sweepFiles } from "./files/sweep-files.ts";
import { loadPlatforms, type LoadedPlatform } from "./load-platforms.ts";

export interface CompositionOptions {
  readonly configuration: Configuration;
  /** The bearer tokens that let somebody in. */
  readonly tokens: readonly TokenFacts[];
  readonly locks: Locks;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Keeps a value out of the log from now on. */
  readonly conceal: (secret: string) => void;
  /** Why nothing new should be taken. Default: always room. */
  readonly pressure?: () => string | undefined;
  /** Who answers. Default: what the configuration names. */
  readonly agent?: Agent | AgentFunction;
  /** How a restart that somebody asks for comes. Default: not at all. */
  readonly restart?: Pick<RestartOptions, "perform" | "isCertain">;
  /** Leaves every platform out but the gateway's own door. */
  readonly doorOnly?: boolean;
}

/** A gateway out of a configuration, not yet started. */
export interface Composition {
  readonly gateway: Gateway;
  readonly doors: Doors;
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
  const { configuration, tokens, locks, clock, logger, conceal, pressure, restart, doorOnly = false } = options;
  const { home, settings, platforms, allow, allowRoles } = configuration;
  const others = platforms.filter(({ id }) => id !== doorId);
  let started: Gateway | undefined;
  const hostParts = { home, logger, clock, conceal, gateway: () => started };
  const [store, { loaded, broken }, { agent, agents }] = await Promise.all([
    openStore(settings.store),
    loadPlatforms(doorOnly ? [] : others, logger, clock),
    options.agent === undefined ? loadAgents(configuration.agents, hostParts) : { agent: options.agent, agents: {} },
  ]);
  const ownDoor = platforms.find(({ id }) => id === doorId);
  if (ownDoor?.state === "broken") {
    for (const problem of ownDoor.problems)
      logger.error(`[${doorId}] Its section counts for nothing: ${describeProblem(problem)}`);
  }
  const doors = openDoors({ home, tokens, store, clock, logger, limits: doorLimits(configuration) });
  // Who comes by one of the gateway's own doors has shown a credential.
  const ownDoors = loaded.filter(({ manifest }) => manifest.paths !== undefined).map(({ platform }) => platform.id);
  const files = new KeptFiles(home);
  const gateway = createGateway({
    platforms: [...loaded.map(({ platform }) => platform), doors.web.platform],
    agent,
    agents,
    routes: options.agent === undefined ? configuration.routes : [],
    approvals: { approvers: configuration.approvers, expiresAfterMs: settings.approvals.expiresAfterMs },
    progress: progressOf(configuration, loaded),
    access: {
      allow,
      allowRoles,
      allowAll: settings.access.allowAll,
      // Whoever comes by the gateway's own door as its owner has shown the token that may do everything.
      admins: [...configuration.admins, `${doorId}:${ownerId}`],
      allowAllOn: [doorId, ...ownDoors, ...loaded.filter(({ allowAll }) => allowAll).map(({ platform }) => platform.id)],
    },
    store,
    unknownSends: settings.outbox.unknown,
    images: settings.outbox.images,
    statusMarks: idsWhere(platforms, ({ statusMarks }) => statusMarks),
    mentionOnlyThreads: idsWhere(platforms, ({ threadsRequireMention }) => threadsRequireMention),
    restart: {
      ...restart,
      isPassing: doorOnly,
      quietPlatforms: [
        doorId,
        ...ownDoors,
        ...loaded.filter(({ restartNotice }) => !restartNotice).map(({ platform }) => platform.id),
      ],
    },
    locks,
    clock,
    logger,
    language: settings.language,
    retention: retentionOf(settings.store),
    limits: { connectTimeoutMs: settings.supervision.connectTimeoutMs, inactivityMs: settings.inactivityMs },
    busy: busyOf(configuration),
    bursts: burstsOf(configuration, loaded),
    backlog: settings.backlog,
    supervision: supervisionOf(configuration),
    delivery: deliveryOf(configuration, loaded),
    files,
    maintenance: [
      sweepFiles("uploads", doors.uploads, settings.store.keepBodiesMs, clock),
      sweepFiles("files", files, settings.store.keepBodiesMs, clock),
    ],
    ...(pressure === undefined ? {} : { pressure }),
  });
  started = gateway;
  return { gateway, doors, platforms: loaded, broken: ownDoor?.state === "broken" ? [...broken, doorId] : broken };
}

function idsWhere(platforms: Configuration["platforms"], holds: (platform: UsablePlatform) => boolean): readonly string[] {
  return platforms.flatMap((platform) => (platform.state === "usable" && holds(platform) ? [platform.id] : []));
}

/** What is shown of agents' work, by platform. The gateway's own doors show it in their own ways. */
function progressOf(
  { settings, platforms }: Configuration,
  loaded: readonly LoadedPlatform[],
): NonNullable<GatewayOptions["progress"]> {
  const shown = loaded.flatMap(({ platform, manifest }) => {
    const section = platforms.find(({ id }) => id === platform.id);
    if (section?.state !== "usable" || manifest.paths !== undefined) return [];
    const { toolProgress: tools = suited[manifest.display], cleanUpProgress: cleanUp } = {
      ...settings.display,
      ...section.display,
    };
    return tools === "off" ? [] : [[platform.id, { tools, cleanUp, titleLength: titleLengths[tools] }] as const];
  });
  return Object.fromEntries(shown);
}

const suited = { full: "all", reduced: "off", "final-only": "off" } as const;
const titleLengths = { new: 60, all: 60, verbose: 200 } as const;

/** What becomes of messages that come while their conversation is being answered. */
function busyOf({ settings, platforms }: Configuration): BusyPolicy {
  const { chats, ...busy } = settings.busy;
  const own = platforms.flatMap((platform) =>
    platform.state === "usable" && platform.busyMode !== undefined ? [[platform.id, platform.busyMode] as const] : [],
  );
  return { ...busy, chats: Object.fromEntries(chats), platforms: Object.fromEntries(own) };
}

/** How long more is waited for after a message, where that is not what the platform says of itself. */
function burstsOf({ platforms }: Configuration, loaded: readonly LoadedPlatform[]): NonNullable<GatewayOptions["bursts"]> {
  const changed = platforms.flatMap((section) => {
    const windows = loaded.find(({ platform }) => platform.id === section.id)?.platform.capabilities.inbound.burst;
    if (section.state !== "usable" || windows === undefined) return [];
    const { burstWindowMs = windows.windowMs, burstSplitWindowMs = windows.splitWindowMs } = section;
    const burst = { ...windows, windowMs: burstWindowMs, splitWindowMs: burstSplitWindowMs };
    return [[section.id, burstWindowMs + burstSplitWindowMs === 0 ? false : burst] as const];
  });
  return Object.fromEntries(changed);
}

/** How targets are written, and what the configuration says of where they lead. */
export function deliveryOf({ platforms, settings }: Configuration, loaded: readonly LoadedPlatform[]): DeliveryOptions {
  const ids = new Set([...loaded.map(({ platform }) => platform.id), doorId]);
  const homes = platforms.flatMap((platform) =>
    platform.state === "usable" && platform.homeChannel !== undefined && ids.has(platform.id)
      ? [[platform.id, platform.homeChannel] as const]
      : [],
  );
  const aliases = [...settings.delivery.aliases].map(([name, { value }]) => [name, value] as const);
  return {
    forms: { ...Object.fromEntries(loaded.map(({ platform, manifest }) => [platform.id, manifest])), [doorId]: ownDoorForm },
    homeChannels: Object.fromEntries(homes),
    aliases: Object.fromEntries(aliases),
  };
}

/** Of its own door the gateway knows how a chat is written, without reading the manifest. */
const ownDoorForm: TargetForm = {
  name: "the web page",
  documentationUrl: "docs/protocol.md",
  parseTarget: (text) => (/^[\w-]{1,64}(?:\.[\w-]{1,64})?$/u.test(text) ? { chatId: text } : undefined),
};

/** What the section of the gateway's own door says; one that cannot be read leaves the defaults. */
export function doorLimits({ platforms }: Configuration): Partial<WebLimits> {
  const section = platforms.find(({ id }) => id === doorId);
  // Checked by the door's own schema.
  const limits = section?.state === "usable" ? (section.configuration as Partial<WebLimits>) : {};
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** Whether anybody but a terminal is let in by the configuration. */
export function letsAnybodyIn({ settings, allow, allowRoles }: Configuration, platforms: readonly LoadedPlatform[]): boolean {
  return settings.access.allowAll || allow.length + allowRoles.length > 0 || platforms.some(({ allowAll }) => allowAll);
}

function supervisionOf({ settings, platforms }: Configuration): SupervisionOptions {
  const { failures, resume } = settings.supervision;
  const usable = platforms.filter((platform) => platform.state === "usable");
  const connectTimeoutMs = Object.fromEntries(
    usable.flatMap(({ id, connectTimeoutMs: ownMs }) => (ownMs === undefined ? [] : [[id, ownMs] as const])),
  );
  return { failures, resume, connectTimeoutMs };
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
