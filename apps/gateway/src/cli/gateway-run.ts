import { systemClock } from "@hermes/core";
import { isStoreError } from "@hermes/runtime";
import { loadConfiguration } from "../config/configuration.ts";
import { readEnvironment } from "../config/environment.ts";
import { describeProblem, isGatewayError } from "../config/problem.ts";
import { doorId } from "../doors.ts";
import { nextStep, startService, warnings, type Service } from "../gateway-service.ts";
import type { Log } from "../log/log.ts";
import { createProcessLog } from "../log/process-log.ts";
import { createRedactor } from "../log/redactor.ts";
import { officialPlatforms } from "../official-platforms.ts";
import { offerOwnerClaim } from "../owner-claim.ts";
import { configurationInput } from "./load.ts";

/** Cleaning up takes no longer than this. */
const maxStopMs = 4500;

/** Why the gateway ends. */
type StopReason = { readonly signal: string } | { readonly lost: string; readonly exitCode: 75 | 78 };

/** `hermes gateway run`: serves until a signal ends it. */
export async function runGateway(): Promise<void> {
  const environment = readEnvironment();
  const redactor = createRedactor();
  const log = createProcessLog(environment, redactor);
  endOnFaults(log);
  const configuration = await loadConfiguration(configurationInput(environment));
  for (const secret of configuration.secrets) redactor.add(secret);
  log.setLevel(configuration.settings.logLevel);
  const parts = { configuration, environment, clock: systemClock, log, redactor };
  const stopping = untilSignal();
  const service = await startService(parts).catch((error: unknown) => {
    // One of them may be the reason.
    if (isGatewayError(error)) for (const warning of configuration.warnings) log.warn(describeProblem(warning));
    throw error;
  });
  const hasOwner = await service.gateway.hasOwner();
  for (const warning of warnings(configuration, service, hasOwner)) log.warn(warning);
  announce(service);
  if (service.platforms.length === 0 && service.broken.length === 0) {
    const manifests = await Promise.all(Object.values(officialPlatforms).map((load) => load()));
    say(nextStep(configuration.home, manifests));
  }
  if (process.stdout.isTTY) say(signInLine(service));
  const stopOffering = process.stdout.isTTY
    ? await offerOwnerClaim({ ...service, clock: systemClock, show: say })
    : () => undefined;
  const reason = await Promise.race([stopping, untilStoreLost(service)]);
  stopOffering();
  await stop(service, reason, log);
}

function announce({ url, platforms, broken }: Service): void {
  const names = [...platforms.map(({ platform }) => platform.id), doorId].join(", ");
  const off = broken.length === 0 ? "" : `; switched off: ${broken.join(", ")}`;
  say(`Hermes Gateway ready at ${url} (${names}${off})`);
}

/** Whoever sees the terminal may open the page: the code stands behind the `#`, which no browser sends and no server logs. */
function signInLine({ pageUrl, doors }: Service): string {
  return `Open the page within ten minutes: ${pageUrl}/#code=${doors.codes.make().code}`;
}

async function stop(service: Service, reason: StopReason, log: Log): Promise<void> {
  if ("signal" in reason) log.info(`Stopping after ${reason.signal}`);
  else log.error(`Stopping, since nothing can be stored any more: ${reason.lost}`);
  const exitCode = "signal" in reason ? 0 : reason.exitCode;
  const deadline = setTimeout(() => {
    log.warn("Stopping took too long and is cut short; the next start goes on with what is unfinished");
    process.exit(exitCode);
  }, maxStopMs);
  await service.stop();
  clearTimeout(deadline);
  log.info("Stopped");
  process.exitCode = exitCode;
}

/** Somebody else has the store: starting again would only take it back. A disk that failed may be well again after a restart. */
function untilStoreLost({ gateway: { storeLost } }: Service): Promise<StopReason> {
  return new Promise((resolve) => {
    const lose = (): void => {
      const error: unknown = storeLost.reason;
      const isTaken = isStoreError(error) && error.code === "fenced";
      resolve({ lost: error instanceof Error ? error.message : String(error), exitCode: isTaken ? 78 : 75 });
    };
    if (storeLost.aborted) lose();
    else storeLost.addEventListener("abort", lose, { once: true });
  });
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The first signal that ends the gateway. A second one ends the process at once: what is unfinished is in the store, and the next
 * start goes on. Waiting does not keep the process alive.
 */
function untilSignal(): Promise<StopReason> {
  return new Promise((resolve) => {
    let count = 0;
    const heard = (signal: string): void => {
      count += 1;
      if (count > 1) process.exit(0);
      resolve({ signal });
    };
    for (const name of signals) process.on(name, heard);
  });
}

function endOnFaults(log: Log): void {
  const end = (what: string) => (error: unknown) => {
    log.failure(`${what}: the gateway ends`, error);
    process.exit(1);
  };
  process.on("uncaughtException", end("An error nobody caught"));
  process.on("unhandledRejection", end("A promise nobody waited for"));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
