import type { Clock, Logger, Platform, PlatformHost } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Command } from "../commands/command.ts";
import type { Connections } from "../connections.ts";
import type { Locks } from "../locks.ts";
import type { PlatformFacts } from "../platform-facts.ts";
import type { BreakerRules } from "./breaker.ts";
import type { Presence } from "./presence.ts";
import type { TroubleDesk } from "./trouble-desk.ts";

/** What a supervisor works with. */
export interface SupervisorParts {
  readonly platform: Platform;
  readonly connections: Connections;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
  /** What people can give in its chats. */
  readonly commands: readonly Command[];
  readonly connectTimeoutMs: number;
  readonly breaker: BreakerRules;
  /** What a loser of this platform's claim is told. */
  readonly holder: string;
  /** What came in and what went out. */
  readonly facts: PlatformFacts;
  readonly presence: Presence;
  readonly troubles: TroubleDesk;
  createHost(report: PlatformHost["report"]): PlatformHost;
}
