import { systemClock, toAgent, type Clock, type Logger, type Platform, type SessionKey } from "@hermes/core";
import { AccessDesk } from "./access-desk.ts";
import { Activity } from "./activity.ts";
import { Announcements } from "./announcements.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import { catalogueOf } from "./catalogue/languages.ts";
import { CommandDesk } from "./commands/command-desk.ts";
import { Connections } from "./connections.ts";
import type { Conversations } from "./conversations/conversations.ts";
import { createConversations } from "./conversations/create-conversations.ts";
import { HomeChannels } from "./delivery/home-channels.ts";
import { OperatorNotices } from "./delivery/operator-notices.ts";
import { createHost } from "./host.ts";
import { createIds, type Ids } from "./ids.ts";
import { Inbox } from "./inbox.ts";
import { Lanes } from "./lanes.ts";
import { createLedger } from "./ledger/create-ledger.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { completeLimits } from "./limits.ts";
import { createProcessLocks } from "./locks.ts";
import { createMemoryStore } from "./memory/memory-store.ts";
import type { GatewayOptions } from "./options.ts";
import { AnswerListener } from "./outbox/answer-listener.ts";
import { Outbox } from "./outbox/outbox.ts";
import { OwnerClaims } from "./owner-claim.ts";
import { PlatformFacts } from "./platform-facts.ts";
import { checkPlatforms } from "./platforms.ts";
import { QueueFullNotices } from "./queue-full.ts";
import { DrainingNotices } from "./restart/draining-notices.ts";
import { HomeNotices } from "./restart/home-notices.ts";
import { Lives } from "./restart/lives.ts";
import { RestartDesk } from "./restart/restart-desk.ts";
import { Resumes } from "./restart/resumes.ts";
import { standardErrorLogger } from "./standard-error-logger.ts";
import { StoreHealth } from "./store-health.ts";
import type { Store } from "./store.ts";
import { Supervisor } from "./supervisor.ts";
import { Questions } from "./turn/questions.ts";
import { Turns } from "./turn/turns.ts";

/** Everything a gateway consists of, not yet running. */
export interface Rooms {
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
  readonly health: StoreHealth;
  readonly store: Store;
  readonly ids: Ids;
  readonly claims: OwnerClaims;
  readonly access: AccessDesk;
  readonly activity: Activity;
  readonly connections: Connections;
  readonly questions: Questions;
  readonly lives: Lives;
  readonly restarts: RestartDesk;
  readonly restartNotices: HomeNotices;
  readonly draining: DrainingNotices;
  readonly lanes: Lanes;
  readonly outbox: Outbox;
  readonly turns: Turns;
  readonly desk: CommandDesk;
  readonly inbox: Inbox;
  readonly announcements: Announcements;
  readonly homeChannels: HomeChannels;
  readonly operators: OperatorNotices;
  readonly ledger: Ledger;
  readonly conversations: Conversations;
  readonly supervisors: ReadonlyMap<string, Supervisor>;
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
  const { clock = systemClock, logger = standardErrorLogger, language = "en" } = options;
  const health = new StoreHealth(options.store ?? createMemoryStore(), clock, logger);
  const { store } = health;
  const platforms = checkPlatforms(options.platforms);
  const limits = completeLimits(options.limits ?? {});
  const connections = new Connections();
  const common = {
    store,
    clock,
    logger,
    catalogue: catalogueOf(language),
    ids: createIds(clock),
    connections,
    platforms,
    answers: new AnswerListener({ connections, platforms, logger }),
    facts: new PlatformFacts(clock),
    activity: new Activity(logger),
  };
  const agent = toAgent(options.agent);
  const access = new AccessDesk({ ...common, policy: options.access ?? {} });
  const claims = new OwnerClaims(clock);
  const questions = new Questions(common);
  const lanes: Lanes = new Lanes(
    {
      turn: (key, signal, release) => keeper.work(key, "turn", () => turns.runNext(key, signal, release)),
      command: (key) => keeper.work(key, "command", () => desk.answerNext(key)),
    },
    limits.maxTurns,
  );
  const outbox = new Outbox({ ...common, ...limits, unknownSends: options.unknownSends ?? "repeat-marked" });
  const { restart = {} } = options;
  const lives = new Lives({ ...common, isPassing: restart.isPassing === true });
  const resumes = new Resumes({
    ...common,
    lives,
    limits,
    // Not awaited: a turn does not wait for what is told of it, and telling never rejects.
    onLeft: (turn, verdict) => void restartNotices.tellLeft(turn, verdict),
  });
  const turns: Turns = new Turns({
    ...common,
    agent,
    outbox,
    questions,
    resumes,
    inactivityMs: limits.inactivityMs,
    again: (key) => lanes.addTurns(key, 1),
  });
  const ledger = createLedger({
    store,
    clock,
    capabilitiesOf: (platform) => platforms.get(platform)?.capabilities,
    hands: {
      find: (replyId) => outbox.find(replyId),
      show: (reply) => void outbox.takeUp(reply),
      unpark: (chat) => outbox.parking.unpark(chat),
      accept: async (platform, event) => (await inbox.accept(platform, [event]))[0] ?? "refused",
      endAnswer({ chat, origin, state }) {
        if (origin !== undefined && state !== "running") common.answers.end(chat, origin, state);
      },
    },
  });
  const announcements = new Announcements({ ...common, outbox });
  const homeChannels = new HomeChannels(common);
  const operators = new OperatorNotices({ ...common, homeChannels, announcements });
  const restarts = new RestartDesk({ ...common, announcements, options: restart });
  const { quietPlatforms = [] } = restart;
  const { maxQuickCrashes } = limits;
  const restartNotices: HomeNotices = new HomeNotices({
    ...common,
    lives,
    homeChannels,
    announcements,
    quietPlatforms,
    maxQuickCrashes,
  });
  const desk: CommandDesk = new CommandDesk({
    ...common,
    services: { homeChannels, restarts },
    isAdmin: (platform, userId) => access.isAdmin(platform, userId),
    ledger,
    lanes,
    outbox,
    stopLeftBehind: (key) => turns.stopLeftBehind(key),
    forget: async (sessionId) => agent.forget?.(sessionId),
    onOwner: (platform, userId) => access.crown(platform, userId),
  });
  const queueFull = new QueueFullNotices({ ...common, outbox });
  const draining = new DrainingNotices({ ...common, outbox });
  const inbox: Inbox = new Inbox({
    ...common,
    draining,
    lanes,
    claims,
    questions,
    parking: outbox.parking,
    maxQueuedPerSession: limits.maxQueuedPerSession,
    maxBusyLanes: limits.maxBusySessions,
    isRecovering: () => keeper.isRecovering(),
    pressure: () => options.pressure?.(),
    rules: () => access.rules,
    onQueueFull: (event, sessionKey, waiting) => queueFull.tell(event, sessionKey, waiting),
  });
  return {
    ...common,
    health,
    claims,
    access,
    questions,
    lives,
    restarts,
    restartNotices,
    draining,
    lanes,
    outbox,
    turns,
    desk,
    inbox,
    ledger,
    announcements,
    homeChannels,
    operators,
    conversations: createConversations({ store, isRunning: (key) => lanes.isRunning(key) }),
    supervisors: superviseAll({ ...common, inbox }, limits.connectTimeoutMs, options),
  };
}

/** What a supervisor shares with the other rooms. */
interface Shared {
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly connections: Connections;
  readonly store: Store;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly facts: PlatformFacts;
}

function superviseAll(
  { platforms, connections, store, inbox, clock, logger, facts }: Shared,
  connectTimeoutMs: number,
  { locks = createProcessLocks(), random = Math.random }: GatewayOptions,
): ReadonlyMap<string, Supervisor> {
  const supervise = (platform: Platform): Supervisor =>
    new Supervisor({
      platform,
      connections,
      locks,
      clock,
      random,
      logger,
      connectTimeoutMs,
      facts,
      holder: `process ${process.pid}`,
      createHost: (report) => createHost({ platform: platform.id, logger, store, inbox, clock, report }),
    });
  return new Map([...platforms.values()].map((platform) => [platform.id, supervise(platform)]));
}
