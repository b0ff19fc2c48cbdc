import type { Platform } from "@hermes/core";
import { createHost } from "../host.ts";
import type { Inbox } from "../inbox.ts";
import { createProcessLocks } from "../locks.ts";
import type { GatewayOptions } from "../options.ts";
import { completeSupervision } from "../supervision/options.ts";
import { PlatformDesk } from "../supervision/platform-desk.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import { TroubleDesk } from "../supervision/trouble-desk.ts";
import type { CommonRooms } from "./common.ts";
import type { DeliveryRooms } from "./delivery-rooms.ts";

/** What keeps platforms connected. */
export interface SupervisionRooms {
  readonly supervisors: ReadonlyMap<string, Supervisor>;
  readonly platformDesk: PlatformDesk;
}

/** @throws TypeError for numbers that would stop a platform from being supervised. */
export function buildSupervisionRooms(
  common: CommonRooms,
  { operators }: Pick<DeliveryRooms, "operators">,
  inbox: Inbox,
  { locks = createProcessLocks(), random = Math.random, supervision = {} }: GatewayOptions,
): SupervisionRooms {
  const { platforms, clock, catalogue, limits } = common;
  const { breaker, connectTimeouts } = completeSupervision(supervision);
  const troubles = new TroubleDesk({ operators, words: catalogue.supervision, clock });
  const supervise = (platform: Platform): Supervisor =>
    new Supervisor({
      ...common,
      commands: common.registry.list,
      platform,
      locks,
      random,
      breaker,
      troubles,
      connectTimeoutMs: connectTimeouts.get(platform.id) ?? limits.connectTimeoutMs,
      holder: `process ${process.pid}`,
      createHost: (report) => createHost({ ...common, platform: platform.id, inbox, report }),
    });
  const supervisors = new Map([...platforms.values()].map((platform) => [platform.id, supervise(platform)]));
  return { supervisors, platformDesk: new PlatformDesk({ ...common, supervisors }) };
}
