import type { SessionKey } from "@hermes/core";
import { CommandButtons } from "../commands/command-buttons.ts";
import { CommandDesk } from "../commands/command-desk.ts";
import type { Conversations } from "../conversations/conversations.ts";
import { createConversations } from "../conversations/create-conversations.ts";
import { FollowedThreads } from "../followed-threads.ts";
import { Inbox } from "../inbox.ts";
import { Lanes } from "../lanes.ts";
import { createLedger, type LedgerHands } from "../ledger/create-ledger.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { Maintenance } from "../maintenance/maintenance.ts";
import { defaultRetention, storeUpkeep } from "../maintenance/store-upkeep.ts";
import type { GatewayOptions } from "../options.ts";
import { OwnerClaims } from "../owner-claim.ts";
import { QueueFullNotices } from "../queue-full.ts";
import { LeftBehind } from "../turn/left-behind.ts";
import { Turns } from "../turn/turns.ts";
import { buildBusyRooms, type BusyRooms } from "./busy-rooms.ts";
import { buildCommonRooms, type CommonRooms } from "./common.ts";
import { buildDeliveryRooms, type DeliveryRooms } from "./delivery-rooms.ts";
import { buildRestartRooms, type RestartRooms } from "./restart-rooms.ts";
import { buildSupervisionRooms, type SupervisionRooms } from "./supervision-rooms.ts";

/** Everything a gateway consists of, not yet running. */
export interface Rooms extends CommonRooms, DeliveryRooms, RestartRooms, BusyRooms, SupervisionRooms {
  readonly claims: OwnerClaims;
  readonly lanes: Lanes;
  readonly turns: Turns;
  readonly leftBehind: LeftBehind;
  readonly desk: CommandDesk;
  readonly inbox: Inbox;
  readonly maintenance: Maintenance;
  readonly ledger: Ledger;
  readonly conversations: Conversations;
}

/** What the rooms ask of whoever runs them. */
export interface RoomsKeeper {
  /** Whether lanes may have work in the store that they do not know of yet. */
  isRecovering(): boolean;
  /** Runs work on a lane; never rejects. */
  work(key: SessionKey, kind: "turn" | "command", run: () => Promise<void>): Promise<void>;
}

/**
 * The only place that knows all rooms: builds them, and nothing of them runs before it is started.
 *
 * @throws TypeError for options that cannot be meant, saying what to write instead.
 */
export function buildRooms(options: GatewayOptions, keeper: RoomsKeeper): Rooms {
  const common = buildCommonRooms(options);
  const { store, clock, limits, outbox, access } = common;
  const isLiving = (id: string): boolean => supervision.supervisors.get(id)?.status.condition.state === "up";
  const delivery = buildDeliveryRooms(common, isLiving, options);
  const restart = buildRestartRooms(common, delivery, options);
  const lanes: Lanes = new Lanes(
    {
      turn: (key, signal, release) => keeper.work(key, "turn", () => turns.runNext(key, signal, release)),
      command: (key) => keeper.work(key, "command", () => desk.answerNext(key)),
    },
    limits.maxTurns,
    clock,
  );
  const busy = buildBusyRooms(common, restart, lanes, options);
  const leftBehind = new LeftBehind(common.questions);
  const turns: Turns = new Turns({
    ...common,
    leftBehind,
    ...restart,
    ...busy,
    inactivityMs: limits.inactivityMs,
    again: (key, count) => lanes.addTurns(key, count),
    taken: (key, count) => lanes.forget(key, count),
  });
  const claims = new OwnerClaims(clock);
  const queueFull = new QueueFullNotices(common);
  const threads = new FollowedThreads({ ...common, mentionOnly: new Set(options.mentionOnlyThreads) });
  const commandButtons = new CommandButtons(common);
  const inbox: Inbox = new Inbox({
    ...common,
    threads,
    commandButtons,
    ...restart,
    ...busy,
    lanes,
    claims,
    busy: busy.busyDesk,
    parking: outbox.parking,
    maxQueuedPerSession: limits.maxQueuedPerSession,
    maxBusyLanes: limits.maxBusySessions,
    isRecovering: () => keeper.isRecovering(),
    pressure: () => options.pressure?.(),
    rules: () => access.rules,
    onQueueFull: (event, sessionKey, waiting) => queueFull.tell(event, sessionKey, waiting),
  });
  const ledger = createLedger({
    store,
    clock,
    capabilitiesOf: (platform) => common.platforms.get(platform)?.capabilities,
    hands: handsOf(common, inbox),
  });
  const supervision: SupervisionRooms = buildSupervisionRooms(common, delivery, inbox, options);
  const desk: CommandDesk = new CommandDesk({
    ...common,
    ...busy,
    buttons: commandButtons,
    services: { homeChannels: delivery.homeChannels, restarts: restart.restarts, platforms: supervision.platformDesk },
    isAdmin: (platform, userId) => access.isAdmin(platform, userId),
    ledger,
    lanes,
    stopLeftBehind: (key, mayStop) => leftBehind.stop(key, mayStop),
    forget: async (key, sessionId) => common.roster.of(key)?.forget?.(sessionId),
    onOwner: (platform, userId) => access.crown(platform, userId),
  });
  const retention = options.retention ?? defaultRetention;
  return {
    ...common,
    ...delivery,
    ...restart,
    ...busy,
    ...supervision,
    claims,
    lanes,
    turns,
    leftBehind,
    desk,
    inbox,
    maintenance: new Maintenance({
      ...common,
      tasks: [...storeUpkeep(store, retention, clock), delivery.directory.task, ...(options.maintenance ?? [])],
    }),
    ledger,
    conversations: createConversations({ store, isRunning: (key) => lanes.isRunning(key) }),
  };
}

/** What the ledger can do in a gateway that runs. */
function handsOf({ outbox, answers }: CommonRooms, inbox: Inbox): LedgerHands {
  return {
    find: (replyId) => outbox.find(replyId),
    show: (reply) => void outbox.takeUp(reply),
    unpark: (chat) => outbox.parking.unpark(chat),
    accept: (platform, event) => inbox.acceptAgain(platform, event),
    endAnswer({ chat, origin, state }) {
      if (origin !== undefined && state !== "running") answers.end(chat, origin, state);
    },
  };
}
