// A gateway on SQLite and Telegram whose process kills itself at a given statement. Run by `statements/describe-statements.ts` and by the soak.
import { createGateway } from "@hermes/runtime";
import { openSqliteStore } from "@hermes/store/sqlite";
import { telegram } from "@hermes/platform-telegram";
import { echo } from "../src/agents/echo.ts";
import { listener, optionsOf, type Soaking } from "./soak/manner.ts";

export interface MortalSettings {
  readonly databasePath: string;
  readonly apiRoot: string;
  readonly token: string;
  /** The statement before which the process ends; 0 = it lives. */
  readonly killAt: number;
  /** Default: an echo in a gateway with its defaults. */
  readonly soak?: Soaking;
}

const settings = JSON.parse(process.argv[2] ?? "") as MortalSettings;
const { soak } = settings;
let count = 0;
const store = await openSqliteStore({
  path: settings.databasePath,
  onStatement() {
    count += 1;
    if (count === settings.killAt) process.kill(process.pid, "SIGKILL");
  },
});
const gateway = createGateway({
  platforms: [telegram({ token: settings.token, apiRoot: settings.apiRoot, drafts: false, pace: "none" })],
  agent: soak === undefined ? echo : listener(soak),
  // A run for each statement: they wait for more, but not as long as people need.
  ...(soak === undefined
    ? { bursts: { telegram: { windowMs: 50, splitWindowMs: 50, splitLength: 3800 } } }
    : optionsOf(soak.manner, "telegram")),
  access: { allowAll: true },
  // Whoever floods a gateway is told so and refused, and what may end it is set aside; here that could not be told from a loss.
  limits: { maxQueuedPerSession: 1_000_000, maxCrashedRuns: 1_000_000, maxQuickCrashes: 1_000_000 },
  store,
  // That the process before ended unexpectedly is no news here.
  logger: {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (message) => void process.stderr.write(`${message}\n`),
  },
});
await gateway.start();
process.on("SIGTERM", () => {
  // Ended by its parent once it has seen what it wanted.
  void gateway.stop().then(() => process.exit(0));
});
const reports = setInterval(() => process.send?.({ count }), 30);
// Its parent is gone: there is nobody left to tell.
process.on("disconnect", () => clearInterval(reports));
