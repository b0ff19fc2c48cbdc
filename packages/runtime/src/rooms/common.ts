import { systemClock, type Clock, type Logger, type Platform } from "@hermes/core";
import { AccessDesk } from "../access-desk.ts";
import { Activity } from "../activity.ts";
import { Choices } from "../agents/choices.ts";
import type { Roster } from "../agents/roster.ts";
import { CommandRegistry } from "../commands/registry.ts";
import { Approvals } from "../turn/approvals.ts";
import { buildRoster } from "./build-roster.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { catalogueOf } from "../catalogue/languages.ts";
import { Connections } from "../connections.ts";
import { createIds, type Ids } from "../ids.ts";
import { completeLimits } from "../limits.ts";
import { createMemoryShelf, type FileShelf } from "../media/file-shelf.ts";
import { createMemoryStore } from "../memory/memory-store.ts";
import type { GatewayLimits, GatewayOptions } from "../options.ts";
import { AnswerListener } from "../outbox/answer-listener.ts";
import { Notices } from "../outbox/notices.ts";
import { Outbox } from "../outbox/outbox.ts";
import { PlatformFacts } from "../platform-facts.ts";
import { checkPlatforms } from "../platforms.ts";
import { standardErrorLogger } from "../standard-error-logger.ts";
import { StoreHealth } from "../store-health.ts";
import type { Store } from "../store.ts";
import { Presence } from "../supervision/presence.ts";
import { Presses } from "../turn/presses.ts";
import { StatusMarks } from "../turn/status-marks.ts";
import { Questions } from "../turn/questions.ts";

/** What nearly every room works with. */
export interface CommonRooms {
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly limits: Required<GatewayLimits>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
  readonly health: StoreHealth;
  readonly store: Store;
  readonly ids: Ids;
  readonly connections: Connections;
  readonly answers: AnswerListener;
  readonly marks: StatusMarks;
  readonly facts: PlatformFacts;
  readonly activity: Activity;
  readonly files: FileShelf;
  readonly presses: Presses;
  readonly access: AccessDesk;
  readonly questions: Questions;
  readonly outbox: Outbox;
  readonly roster: Roster;
  readonly registry: CommandRegistry;
  readonly choices: Choices;
  readonly approvals: Approvals;
  readonly notices: Notices;
  readonly presence: Presence;
}

/** @throws TypeError for options that cannot be meant, saying what to write instead. */
export function buildCommonRooms(options: GatewayOptions): CommonRooms {
  const { clock = systemClock, logger = standardErrorLogger, language = "en" } = options;
  const health = new StoreHealth(options.store ?? createMemoryStore(), clock, logger);
  const platforms = checkPlatforms(options.platforms);
  const limits = completeLimits(options.limits ?? {});
  const connections = new Connections();
  const marks = new StatusMarks({ platforms: new Set(options.statusMarks), connections, clock, logger });
  const common = {
    platforms,
    limits,
    clock,
    logger,
    catalogue: catalogueOf(language),
    health,
    store: health.store,
    ids: createIds(clock),
    connections,
    marks,
    answers: new AnswerListener({ connections, platforms, marks, logger }),
    facts: new PlatformFacts(clock),
    activity: new Activity(logger),
    files: options.files ?? createMemoryShelf(),
  };
  const { unknownSends = "repeat-marked", progress = {}, approvals: approvalPolicy = {} } = options;
  const outbox = new Outbox({ ...common, ...limits, unknownSends, progress });
  const roster = buildRoster(options, logger);
  const access = new AccessDesk({ ...common, policy: options.access ?? {} });
  const approvals = new Approvals({
    ...common,
    policy: approvalPolicy,
    isAdmin: (platform, userId) => access.isAdmin(platform, userId),
  });
  return {
    ...common,
    access,
    roster,
    registry: new CommandRegistry(roster),
    choices: new Choices(common),
    approvals,
    questions: new Questions({ ...common, approvals }),
    presses: new Presses(common),
    outbox,
    notices: new Notices({ ...common, outbox }),
    presence: new Presence(common),
  };
}
