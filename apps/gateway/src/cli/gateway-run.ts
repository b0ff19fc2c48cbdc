import { ReadStream } from "node:tty";
import { systemClock, type Agent, type AgentFunction } from "@hermes/core";
import type { StopOptions } from "@hermes/runtime";
import { loadConfiguration, type Configuration, type ConfigurationInput } from "../config/configuration.ts";
import { readEnvironment } from "../config/environment.ts";
import type { RestartSettings } from "../config/gateway-settings.ts";
import { describeProblem, isGatewayError } from "../config/problem.ts";
import { doorId } from "../doors.ts";
import { createFirstStart, hasNoAgent, type FirstStart } from "../first-start/first-start.ts";
import { isInForeground } from "../first-start/foreground.ts";
import { nextStep, startService, warnings, type Service } from "../gateway-service.ts";
import type { Log } from "../log/log.ts";
import { createProcessLog } from "../log/process-log.ts";
import { createRedactor } from "../log/redactor.ts";
import { officialPlatforms } from "../official-platforms.ts";
import { offerOwnerClaim } from "../owner-claim.ts";
import { listenForEndings, type Ending, type Endings } from "./endings.ts";
import { configurationInput } from "./load.ts";
import { restarterOf, startAgain } from "./start-again.ts";

/** Cleaning up takes no longer than this, beside the time that running turns get. */
const cleaningMs = 6000;

/** `hermes gateway run`: serves until something ends it. `agent`: who answers; default what the configuration names. */
export async function runGateway(agent?: Agent | AgentFunction): Promise<void> {
  const environment = readEnvironment();
  const redactor = createRedactor();
  const log = createProcessLog(environment, redactor);
  endOnFaults(log);
  const endings = listenForEndings();
  const input = configurationInput(environment);
  const configuration = await loadConfiguration(input);
  for (const secret of configuration.secrets) redactor.add(secret);
  log.setLevel(configuration.settings.logLevel);
  const restarter = restarterOf(configuration.settings.restart, environment, process.stdout.isTTY);
  const restart = { perform: () => endings.restart(), isCertain: restarter !== "somebody" };
  const firstStart = agent === undefined ? await beginFirstStart(configuration, input, log, endings) : undefined;
  const parts = {
    configuration,
    environment,
    clock: systemClock,
    log,
    redactor,
    restart,
    ...(agent === undefined ? {} : { agent }),
    ...(firstStart === undefined ? {} : { settle: () => firstStart.settle() }),
  };
  const service = await startService(parts).catch((error: unknown) => {
    // One of them may be the reason.
    if (isGatewayError(error)) for (const warning of configuration.warnings) log.warn(describeProblem(warning));
    throw error;
  });
  const hasOwner = await service.gateway.hasOwner();
  for (const warning of warnings(service.configuration, service, hasOwner)) log.warn(warning);
  announce(service);
  // In its own time: nobody waits for what is only told.
  void firstStart?.tell().catch((error: unknown) => log.failure("It could not be found out which agents are here", error));
  if (service.platforms.length === 0 && service.broken.length === 0) {
    const manifests = await Promise.all(Object.values(officialPlatforms).map((load) => load()));
    say(nextStep(configuration.home, manifests));
  }
  if (process.stdout.isTTY) say(signInLine(service));
  const stopOffering = process.stdout.isTTY
    ? await offerOwnerClaim({ ...service, clock: systemClock, show: say })
    : () => undefined;
  endings.watch(service.gateway);
  const ending = await endings.first;
  stopOffering();
  await stop(service, ending, endings, configuration.settings.restart, log);
  process.exitCode = endings.exitCodeOf(ending);
  if (process.exitCode === 75 && ending.why === "restart" && restarter === "itself") startAgain(environment);
}

/** Where nobody has said who answers; in a terminal a person is asked. */
async function beginFirstStart(
  configuration: Configuration,
  input: ConfigurationInput,
  log: Log,
  endings: Endings,
): Promise<FirstStart | undefined> {
  if (!hasNoAgent(configuration)) return undefined;
  const { stdin, stdout } = process;
  const parts = { configuration, input, say, debug: (line: string) => log.debug(line) };
  if (!stdout.isTTY || !(stdin instanceof ReadStream) || !(await isInForeground())) return createFirstStart(parts);
  const ending = new AbortController();
  void endings.first.then(() => ending.abort());
  const chooser = {
    input: stdin,
    show: (text: string) => void stdout.write(text),
    interrupt: () => process.kill(process.pid, "SIGINT"),
    signal: ending.signal,
  };
  return createFirstStart({ ...parts, chooser });
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

/** Ends the service; the next start goes on with what is unfinished. */
async function stop(service: Service, ending: Ending, endings: Endings, restart: RestartSettings, log: Log): Promise<void> {
  const options = stopOptions(ending, restart);
  log[ending.why === "lost" ? "error" : "info"](describe(ending, options, service.gateway.status().runningTurns));
  const deadline = setTimeout(
    () => {
      log.warn("Stopping took too long and is cut short; the next start goes on with what is unfinished");
      process.exit(endings.exitCodeOf(ending));
    },
    cleaningMs + (options.mode === "drain" ? restart.drainMs : 0),
  );
  await service.stop(options);
  clearTimeout(deadline);
  log.info("Stopped");
}

function stopOptions(ending: Ending, { mode, drainMs }: RestartSettings): StopOptions {
  switch (ending.why) {
    case "signal":
      return mode === "drain" ? { mode, drainMs, purpose: "stop" } : { mode };
    case "restart":
      // Whoever uses this signal means the turns to end first, whatever is usual.
      return mode === "drain" || ending.by === "signal" ? { mode: "drain", drainMs, purpose: "restart" } : { mode };
    case "lost":
      return { mode: "interrupt" };
  }
}

function describe(ending: Ending, options: StopOptions, runningTurns: number): string {
  if (ending.why === "lost") return `Stopping, since nothing can be stored any more: ${ending.message}`;
  const what = ending.why === "signal" ? `Stopping after ${ending.signal}` : "Restarting";
  if (options.mode !== "drain" || runningTurns === 0) return what;
  const turns = runningTurns === 1 ? "1 answer that runs" : `${runningTurns} answers that run`;
  return `${what}: ${turns} may take ${(options.drainMs ?? 0) / 1000} s to end; another signal to stop ends the process at once`;
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
