import type { Clock, Connection, Logger, Platform } from "@hermes/core";
import {
  createGateway,
  createMemoryStore,
  type Gateway,
  type GatewayOptions,
  type PlatformStatus,
  type Store,
} from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle, type FakeClock, type ScriptedPlatform } from "@hermes/runtime/testing";
import { echo } from "./set-up.ts";

/** A gateway with a platform that works, and one that does what the test says. */
export interface TwoPlatforms {
  readonly gateway: Gateway;
  /** Whoever looks after the gateway is told here. */
  readonly home: ScriptedPlatform;
  readonly broken: ScriptedPlatform;
  readonly clock: FakeClock;
  readonly store: Store;
  readonly log: readonly string[];
  status(): PlatformStatus;
  /** How often the broken one was tried. */
  tries(): number;
  /** It cannot be connected, so many times. */
  down(times?: number): void;
}

/** What a test may choose. */
export interface TwoPlatformsOptions extends Partial<Omit<GatewayOptions, "platforms" | "clock">> {
  readonly clock?: FakeClock;
  readonly home?: ScriptedPlatform;
  readonly broken?: ScriptedPlatform;
  /** Changes the platform that does what the test says. */
  readonly change?: (platform: Platform, clock: Clock) => Platform;
  /** Nobody has chosen where to be told. */
  readonly isHomeless?: boolean;
  /** Not yet started. */
  readonly isDown?: boolean;
}

/** Starts it; everybody is let in, person 7 may look after it. */
export async function startTwo(options: TwoPlatformsOptions = {}): Promise<TwoPlatforms> {
  const { clock = createFakeClock(), store = createMemoryStore(), isHomeless = false, isDown = false, ...rest } = options;
  const { change = (platform: Platform) => platform, ...more } = rest;
  const home = options.home ?? createScriptedPlatform({ style: "edit", id: "home" });
  const broken = options.broken ?? createScriptedPlatform({ style: "edit", id: "broken" });
  const log: string[] = [];
  const note =
    (level: string) =>
    (message: string): void =>
      void log.push(`${level}: ${message}`);
  const logger: Logger = { debug: () => undefined, info: note("info"), warn: note("warn"), error: note("error") };
  const down = (times = 1000): void =>
    broken.fail(...Array.from({ length: times }, () => ({ on: "connect", failure: { kind: "unavailable" } }) as const));
  if (isDown) down();
  const gateway = createGateway({
    access: { allowAll: true, admins: ["*:7"] },
    agent: echo,
    logger,
    random: () => 0.5,
    ...more,
    platforms: [change(broken.platform, clock), home.platform],
    clock,
    store,
  });
  await gateway.start();
  await settle();
  if (!isHomeless) {
    await home.says("/sethome", { chatId: "operators", userId: "7" });
    await clock.advance(1000);
  }
  return {
    gateway,
    home,
    broken,
    clock,
    store,
    log,
    down,
    status: () => {
      const status = gateway.status().platforms.find(({ id }) => id === "broken");
      if (status === undefined) throw new Error("The broken platform is gone");
      return status;
    },
    tries: () => broken.calls.filter(({ name }) => name === "connect").length,
  };
}

/** What was told where operators look, without the answer to `/sethome`. */
export function told({ home }: TwoPlatforms): readonly string[] {
  return home.texts("operators").slice(1);
}

/** Ends a gateway whose clock stands still. */
export async function stopTwo({ gateway, clock }: Pick<TwoPlatforms, "gateway" | "clock">): Promise<void> {
  const stopped = gateway.stop();
  await clock.advance(10_000);
  await stopped;
}

/** The platform with connections that are changed before they are used. */
export function withConnections(change: (connection: Connection) => Connection): (platform: Platform) => Platform {
  return (platform) => ({
    ...platform,
    connect: async (host, signal) => change(await platform.connect(host, signal)),
  });
}
