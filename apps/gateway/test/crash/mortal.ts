// A gateway on SQLite and a post office whose process ends at a named point. Run by `crash-points.ts` and by the soak.
import { createGateway } from "@hermes/runtime";
import { passingCrashPoints, type CrashPoint } from "@hermes/runtime/testing";
import { openSqliteStore } from "@hermes/store/sqlite";
import { listener, optionsOf, type Soaking } from "../soak/manner.ts";
import { createStoryteller } from "./agent.ts";
import { postOffice } from "./post-office-platform.ts";
import type { PostOfficeAbilities } from "./post-office-server.ts";

export interface MortalSettings {
  readonly databasePath: string;
  readonly url: string;
  readonly abilities: PostOfficeAbilities;
  /** Where the process ends, the first time it comes there; none: it lives, and tells each point it passes. */
  readonly point?: CrashPoint;
  /** Default: a storyteller in a gateway with its defaults. */
  readonly soak?: Soaking;
}

const settings = JSON.parse(process.argv[2] ?? "") as MortalSettings;
const { soak } = settings;
const passed = new Set<CrashPoint>();

async function pass(point: CrashPoint): Promise<void> {
  if (point === settings.point) {
    process.kill(process.pid, "SIGKILL");
    await new Promise(() => undefined);
  }
  if (!passed.has(point)) process.send?.(point);
  passed.add(point);
}

const { store, platform } = passingCrashPoints(
  {
    store: await openSqliteStore({ path: settings.databasePath }),
    platform: postOffice(settings.url, settings.abilities),
  },
  pass,
);
const storyteller = createStoryteller(async (name) => {
  await fetch(`${settings.url}/effect`, { method: "POST", body: JSON.stringify({ text: name }) });
});
const gateway = createGateway({
  platforms: [platform],
  agent: soak === undefined ? storyteller : listener(soak),
  ...(soak === undefined ? {} : optionsOf(soak.manner, platform.id)),
  access: { allowAll: true },
  limits: { maxQueuedPerSession: 1_000_000, firstShowMs: 30, maxCrashedRuns: 1_000_000, maxQuickCrashes: 1_000_000 },
  store,
  logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
});
await gateway.start();
process.on("SIGTERM", () => {
  // Ended by its parent once it has seen what it wanted.
  void gateway.stop().then(() => process.exit(0));
});
// Its parent is gone: there is nobody left to serve.
process.on("disconnect", () => process.exit(0));
