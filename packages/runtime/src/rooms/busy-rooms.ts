import { Backlog } from "../backlog/backlog.ts";
import { defaultBacklogPolicy } from "../backlog/backlog-policy.ts";
import { Acknowledgements } from "../busy/acknowledgements.ts";
import { BusyDesk } from "../busy/busy-desk.ts";
import { BusyModes } from "../busy/busy-modes.ts";
import { MessageChanges } from "../busy/message-changes.ts";
import { WorkingTurns } from "../busy/working-turns.ts";
import { Hooks } from "../hooks.ts";
import type { Lanes } from "../lanes.ts";
import type { GatewayOptions } from "../options.ts";
import type { CommonRooms } from "./common.ts";
import type { RestartRooms } from "./restart-rooms.ts";

/** What decides about messages that come while their conversation is being answered, or came while their platform was away. */
export interface BusyRooms {
  readonly working: WorkingTurns;
  readonly busyModes: BusyModes;
  readonly busyDesk: BusyDesk;
  readonly changes: MessageChanges;
  readonly hooks: Hooks;
  readonly backlog: Backlog;
}

export function buildBusyRooms(
  common: CommonRooms,
  { draining }: Pick<RestartRooms, "draining">,
  lanes: Lanes,
  { busy = {}, bursts = {}, backlog = {}, hooks: told = [] }: GatewayOptions,
): BusyRooms {
  const { access } = common;
  const hooks = new Hooks({ ...common, hooks: told });
  const working = new WorkingTurns();
  const busyModes = new BusyModes({ ...common, policy: busy });
  const busyDesk = new BusyDesk({
    ...common,
    lanes,
    working,
    draining,
    bursts,
    modes: busyModes,
    acknowledgements: (busy.acknowledge ?? true) ? new Acknowledgements(common) : undefined,
    isAdmin: ({ chat, origin: { author } }) => author.assurance === "platform" && access.isAdmin(chat.ref.platform, author.id),
  });
  return {
    working,
    busyModes,
    busyDesk,
    hooks,
    changes: new MessageChanges({ ...common, lanes, hooks, busy: busyDesk }),
    backlog: new Backlog({ ...common, policy: { ...defaultBacklogPolicy, ...backlog } }),
  };
}
