import { systemClock, toAgent, type Clock, type Logger, type Platform, type SessionKey } from "@hermes/core";
import { AccessDesk } from "./access-desk.ts";
import { Activity } from "./activity.ts";
import { Announcements } from "./announcements.ts";
import { Backlog } from "./backlog/backlog.ts";
import { defaultBacklogPolicy } from "./backlog/backlog-policy.ts";
import { Acknowledgements } from "./busy/acknowledgements.ts";
import { BusyDesk } from "./busy/busy-desk.ts";
import { BusyModes } from "./busy/busy-modes.ts";
import { MessageChanges } from "./busy/message-changes.ts";
import { WorkingTurns } from "./busy/working-turns.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import { catalogueOf } from "./catalogue/languages.ts";
import { CommandDesk } from "./commands/command-desk.ts";
import { Connections } from "./connections.ts";
import type { Conversations } from "./conversations/conversations.ts";
import { createConversations } from "./conversations/create-conversations.ts";
import { ChannelDirectory } from "./delivery/channel-directory.ts";
import { Deliverer } from "./delivery/deliver.ts";
import { HomeChannels } from "./delivery/home-channels.ts";
import { OperatorNotices } from "./delivery/operator-notices.ts";
import { TargetForms } from "./delivery/target-form.ts";
import { Targets } from "./delivery/targets.ts";
import { createHost } from "./host.ts";
import { Hooks } from "./hooks.ts";
import { createIds, type Ids } from "./ids.ts";
import { Inbox } from "./inbox.ts";
import { Lanes } from "./lanes.ts";
import { createLedger } from "./ledger/create-ledger.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { completeLimits } from "./limits.ts";
import { createProcessLocks } from "./locks.ts";
import { Maintenance } from "./maintenance/maintenance.ts";
import { defaultRetention, storeUpkeep } from "./maintenance/store-upkeep.ts";
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
import { PlatformDesk } from "./supervision/platform-desk.ts";
import { Presence } from "./supervision/presence.ts";
import { completeSupervision } from "./supervision/options.ts";
import { Supervisor } from "./supervision/supervisor.ts";
import { TroubleDesk } from "./supervision/trouble-desk.ts";
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
  readonly busyModes: BusyModes;
  readonly hooks: Hooks;
  readonly announcements: Announcements;
  readonly homeChannels: HomeChannels;
  readonly operators: OperatorNotices;
  readonly deliverer: Deliverer;
  readonly maintenance: Maintenance;
  readonly ledger: Ledger;
  readonly conversations: Conversations;
  readonly supervisors: ReadonlyMap<string, Supervisor>;
  readonly platformDesk: PlatformDesk;
  readonly presence: Presence;
  readonly backlog: Backlog;
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
    clock,
  );
  const working = new WorkingTurns();
  const outbox = new Outbox({ ...common, ...limits, unknownSends: options.unknownSends ?? "repeat-marked" });
  const presence = new Presence(common);
  const backlog = new Backlog({ ...common, policy: { ...defaultBacklogPolicy, ...options.backlog }, presence, outbox });
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
    backlog,
    agent,
    outbox,
    questions,
    resumes,
    inactivityMs: limits.inactivityMs,
    working,
    again: (key, count) => lanes.addTurns(key, count),
    taken: (key, count) => lanes.forget(key, count),
  });
  const ledger = createLedger({
    store,
    clock,
    capabilitiesOf: (platform) => platforms.get(platform)?.capabilities,
    hands: {
      find: (replyId) => outbox.find(replyId),
      show: (reply) => void outbox.takeUp(reply),
      unpark: (chat) => outbox.parking.unpark(chat),
      accept: (platform, event) => inbox.acceptAgain(platform, event),
      endAnswer({ chat, origin, state }) {
        if (origin !== undefined && state !== "running") common.answers.end(chat, origin, state);
      },
    },
  });
  const announcements = new Announcements({ ...common, outbox });
  const { forms: manifests = {}, homeChannels: configured = {}, aliases = {} } = options.delivery ?? {};
  const forms = new TargetForms(manifests);
  const directory = new ChannelDirectory(common);
  const homeChannels = new HomeChannels({ ...common, configured, forms, complete: (chat) => directory.complete(chat) });
  const targets = new Targets({ ...common, forms, homeChannels, directory, aliases });
  const maintenance = new Maintenance({
    ...common,
    tasks: [...storeUpkeep(store, options.retention ?? defaultRetention, clock), directory.task, ...(options.maintenance ?? [])],
  });
  const operators = new OperatorNotices({ ...common, homeChannels, announcements });
  const draining = new DrainingNotices({ ...common, outbox });
  const busyModes = new BusyModes({ ...common, policy: options.busy ?? {} });
  const acknowledges = options.busy?.acknowledge ?? true;
  const busyDesk = new BusyDesk({
    ...common,
    lanes,
    working,
    questions,
    draining,
    modes: busyModes,
    acknowledgements: acknowledges ? new Acknowledgements({ ...common, outbox }) : undefined,
    bursts: options.bursts ?? {},
    isAdmin: ({ chat, origin: { author } }) => author.assurance === "platform" && access.isAdmin(chat.ref.platform, author.id),
  });
  const hooks = new Hooks({ ...common, hooks: options.hooks ?? [] });
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
    services: {
      homeChannels,
      restarts,
      platforms: {
        list: () => platformDesk.list(),
        pause: (platform) => platformDesk.pause(platform),
        resume: (platform) => platformDesk.resume(platform),
      },
    },
    busyDesk,
    busyModes,
    working,
    isAdmin: (platform, userId) => access.isAdmin(platform, userId),
    ledger,
    lanes,
    outbox,
    stopLeftBehind: (key, mayStop) => turns.stopLeftBehind(key, mayStop),
    forget: async (sessionId) => agent.forget?.(sessionId),
    onOwner: (platform, userId) => access.crown(platform, userId),
  });
  const queueFull = new QueueFullNotices({ ...common, outbox });
  const inbox: Inbox = new Inbox({
    ...common,
    draining,
    lanes,
    claims,
    questions,
    busy: busyDesk,
    backlog,
    changes: new MessageChanges({ ...common, lanes, hooks, busy: busyDesk }),
    parking: outbox.parking,
    maxQueuedPerSession: limits.maxQueuedPerSession,
    maxBusyLanes: limits.maxBusySessions,
    isRecovering: () => keeper.isRecovering(),
    pressure: () => options.pressure?.(),
    rules: () => access.rules,
    onQueueFull: (event, sessionKey, waiting) => queueFull.tell(event, sessionKey, waiting),
  });
  const troubles = new TroubleDesk({ operators, words: common.catalogue.supervision, clock });
  const supervisors = superviseAll({ ...common, inbox, presence, troubles }, limits.connectTimeoutMs, options);
  const platformDesk = new PlatformDesk({ ...common, supervisors });
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
    busyModes,
    hooks,
    inbox,
    ledger,
    announcements,
    homeChannels,
    operators,
    deliverer: new Deliverer({ targets, directory, homeChannels, announcements }),
    maintenance,
    conversations: createConversations({ store, isRunning: (key) => lanes.isRunning(key) }),
    supervisors,
    platformDesk,
    presence,
    backlog,
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
  readonly presence: Presence;
  readonly troubles: TroubleDesk;
}

function superviseAll(
  { platforms, connections, store, inbox, clock, logger, facts, presence, troubles }: Shared,
  connectTimeoutMs: number,
  { locks = createProcessLocks(), random = Math.random, supervision = {} }: GatewayOptions,
): ReadonlyMap<string, Supervisor> {
  const { breaker, connectTimeouts } = completeSupervision(supervision);
  const supervise = (platform: Platform): Supervisor =>
    new Supervisor({
      platform,
      connections,
      locks,
      clock,
      random,
      logger,
      connectTimeoutMs: connectTimeouts.get(platform.id) ?? connectTimeoutMs,
      breaker,
      facts,
      presence,
      troubles,
      holder: `process ${process.pid}`,
      createHost: (report) => createHost({ platform: platform.id, logger, store, inbox, clock, report }),
    });
  return new Map([...platforms.values()].map((platform) => [platform.id, supervise(platform)]));
}
