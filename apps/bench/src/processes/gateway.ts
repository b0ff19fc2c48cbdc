import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayProgram } from "../places.ts";
import { startProgram, type Program, type ProgramOptions } from "./program.ts";

/** The bot that does not exist; the loopback server's own default. */
export const botToken = "123456:FAKE-TOKEN-FOR-TESTS";
/** What the loopback server signs its deliveries with. */
export const webhookSecret = "a-secret-of-the-benchmark";

/** What a gateway is configured with, besides a free port. */
export type GatewaySetUp =
  | { readonly kind: "plain" }
  | { readonly kind: "platforms"; readonly sections: Readonly<Record<string, unknown>> }
  | { readonly kind: "sockets"; readonly maxConnections: number }
  | {
      /** A model behind Telegram. */
      readonly kind: "model";
      readonly apiRoot: string;
      readonly baseUrl: string;
      readonly apiKey: string;
    }
  | {
      readonly kind: "telegram";
      readonly mode: "polling" | "webhook";
      readonly apiRoot: string;
      /** Default: the gateway's own. */
      readonly synchronous?: Synchronous;
    };

/** How much a write survives once it is answered for. */
export type Synchronous = "full" | "normal";

export interface RunningGateway extends Program {
  /** Without a slash at its end. */
  readonly url: string;
}

/** Writes a home for the gateway into an empty or missing folder. */
export function makeHome(home: string, setUp: GatewaySetUp): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const platforms = platformsOf(setUp);
  const { synchronous } = { synchronous: undefined, ...setUp };
  const store = synchronous === undefined ? {} : { store: { synchronous } };
  // JSON is YAML.
  writeFileSync(
    join(home, "config.yaml"),
    JSON.stringify({ server: { port: 0 }, agents: { main: agentOf(setUp) }, busy: { mode: "queue" }, ...store, ...platforms }),
    { mode: 0o600 },
  );
}

function agentOf(setUp: GatewaySetUp): Readonly<Record<string, unknown>> {
  if (setUp.kind !== "model") return { use: "echo" };
  const { baseUrl, apiKey } = setUp;
  return { use: "ai", model: "local:model", providers: { local: { baseUrl, apiKey } } };
}

function platformsOf(setUp: GatewaySetUp): Readonly<Record<string, unknown>> {
  switch (setUp.kind) {
    case "plain":
      return {};
    case "platforms":
      return { platforms: setUp.sections };
    case "sockets":
      return { platforms: { web: { maxConnections: setUp.maxConnections, messagesPerMinute: 10_000 } } };
    case "model":
      return { platforms: { telegram: telegramSection({ mode: "polling", apiRoot: setUp.apiRoot }) } };
    case "telegram":
      return { platforms: { telegram: telegramSection(setUp) } };
  }
}

/** The section of a bot that is measured. */
export function telegramSection({
  mode,
  apiRoot,
}: Pick<Extract<GatewaySetUp, { kind: "telegram" }>, "mode" | "apiRoot">): Readonly<Record<string, unknown>> {
  // A message is answered at once and alone, as the peers do it: waiting for more of it would be measured as latency.
  const burst = { windowMs: 0, splitWindowMs: 0 };
  // A bot that may send more than others: else its platform's own limits would be measured.
  const section = { token: botToken, apiRoot, mode, burst, pace: "none", access: { allowAll: true } };
  return mode === "polling" ? section : { ...section, webhook: { secret: webhookSecret } };
}

/** `hermes gateway run`, the built program, on this home; comes back with its ready line. */
export async function startGateway(
  home: string,
  how: Pick<ProgramOptions, "nodeArguments" | "isWatched"> = {},
): Promise<RunningGateway> {
  const program = await startProgram({
    script: gatewayProgram,
    scriptArguments: ["gateway", "run"],
    ...how,
    environment: { HOME: home, HERMES_HOME: home, HERMES_LOCK_DIR: join(home, "locks") },
    folder: home,
    ready: /^Hermes Gateway ready at /u,
  });
  const url = /http:\/\/[\w.:]+/u.exec(program.readyLine)?.[0];
  if (url === undefined) throw new Error(`The gateway's ready line names no address: ${program.readyLine}`);
  return { ...program, url };
}
