import type { Agent, AgentFunction, Clock, PlatformManifest } from "@hermes/core";
import type { Configuration } from "./config/configuration.ts";
import type { Environment } from "./config/environment.ts";
import { describeProblem } from "./config/problem.ts";
import { compose, explained, letsAnybodyIn, type Composition } from "./compose.ts";
import { homeIsServed, makeHome, serveHomeSoon } from "./home.ts";
import { isLoopback, urlHost } from "./http/address.ts";
import { openServer } from "./http/open-server.ts";
import { watchReadiness } from "./http/readiness.ts";
import type { RestartOptions, StopOptions } from "@hermes/runtime";
import { createFileLocks } from "./locks/file-locks.ts";
import { lockDirectoryOf } from "./locks/lock-paths.ts";
import type { Log } from "./log/log.ts";
import type { Redactor } from "./log/redactor.ts";
import { collectGarbage, readMemory } from "./pressure/memory-facts.ts";
import { watchMemory } from "./pressure/memory-watch.ts";
import { makeHomeToken, readPreviousToken } from "./credentials/home-token.ts";
import { tokenFactsOf } from "./credentials/token-facts.ts";
import { serveDoors } from "./serve-doors.ts";

const httpGraceMs = 1000;

export interface ServiceParts {
  readonly configuration: Configuration;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** The last word on the configuration, once the home is this process's own. Default: it stays as it is. */
  readonly settle?: () => Promise<Configuration>;
  /** Who answers. Default: what the configuration names. */
  readonly agent?: Agent | AgentFunction;
  /** How a restart that somebody asks for comes. Default: not at all. */
  readonly restart?: Pick<RestartOptions, "perform" | "isCertain">;
}

/** A gateway that serves. */
export interface Service extends Composition {
  /** What it was built from. */
  readonly configuration: Configuration;
  readonly url: string;
  /** Where a browser finds the page. */
  readonly pageUrl: string;
  /** With `drain` it serves on until the running turns have ended. */
  stop(options?: StopOptions): Promise<void>;
}

/**
 * Starts everything, in order: the home, its lock, the store, the gateway, the door.
 *
 * @throws GatewayError saying what keeps it from starting; nothing is left running then.
 */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { environment, clock, log, redactor, agent, restart } = parts;
  const { home } = parts.configuration;
  await makeHome(home);
  const served = await serveHomeSoon(home, "gateway", clock);
  if ("heldBy" in served) throw homeIsServed(home, served.heldBy);
  const undo: (() => void | Promise<void>)[] = [() => served.release()];
  try {
    const configuration = (await parts.settle?.()) ?? parts.configuration;
    const { settings } = configuration;
    for (const secret of configuration.secrets) redactor.add(secret);
    const homeToken = settings.server.token ?? (await makeHomeToken(home));
    const tokens = tokenFactsOf(settings.server, homeToken, await readPreviousToken(home));
    for (const { token } of tokens) redactor.add(token);
    const locks = createFileLocks({
      directory: lockDirectoryOf(environment),
      clock,
      holder: { pid: process.pid, home, what: "gateway" },
    });
    const nodeOptions = environment["NODE_OPTIONS"] ?? "";
    const memory = watchMemory({ read: () => readMemory(nodeOptions), collectGarbage, clock, logger: log });
    undo.push(() => memory.stop());
    const composition = await compose({
      configuration,
      tokens,
      locks,
      clock,
      logger: log,
      conceal: (secret) => redactor.add(secret),
      pressure: memory.reason,
      ...(agent === undefined ? {} : { agent }),
      ...(restart === undefined ? {} : { restart }),
    });
    const { gateway, doors, broken } = composition;
    undo.push(
      () => gateway.stop(),
      () => doors.close(),
    );
    const readiness = watchReadiness(gateway, broken, clock);
    undo.push(() => readiness.stop());
    const reasons = (): readonly string[] => readiness.now().reasons;
    serveDoors({ configuration, composition, clock, logger: log, reasons, hide: (secret) => redactor.add(secret) });
    // Before the gateway starts: a port that is taken must be known before any bot is connected.
    const server = await openServer({ configuration, composition, clock, log, readiness });
    undo.push(() => server.close(0));
    await explained(() => gateway.start());
    const { protocol, port } = new URL(server.url);
    const localUrl = `${protocol}//${reachableHost(settings.server.host)}:${port}`;
    served.announce(localUrl);
    const pageUrl = settings.server.publicUrl?.origin ?? localUrl;
    const stop = async (options: StopOptions = {}): Promise<void> => {
      // Whoever watches an answer sees it end, and what comes in meanwhile is kept.
      if (options.mode === "drain") await gateway.drain(options);
      doors.close();
      await Promise.all([server.close(httpGraceMs), gateway.stop()]);
      readiness.stop();
      memory.stop();
      served.release();
    };
    return { ...composition, configuration, url: server.url, pageUrl, stop };
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    throw error;
  }
}

/** An address that stands for all of the machine's is none that one can go to. */
function reachableHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "[::1]" : urlHost(host);
}

/** What the person who runs the gateway should know, beside what keeps it from running. */
export function warnings(configuration: Configuration, composition: Composition, hasOwner: boolean): readonly string[] {
  const { settings } = configuration;
  const lines = configuration.warnings.map(describeProblem);
  if (!isLoopback(settings.server.host) && settings.server.tls === undefined) {
    lines.push(
      `server.host is ${settings.server.host}, which others can reach, without encryption. Set \`server.tls\`, or put a proxy with TLS in front of it.`,
    );
  }
  // Whoever comes by a door of the gateway itself has shown a credential.
  const reached = composition.platforms.filter(({ manifest }) => manifest.paths === undefined);
  const open = reached.filter(({ allowAll }) => allowAll || settings.access.allowAll).map(({ platform }) => platform.id);
  if (open.length > 0)
    lines.push(`Everybody is let in on ${open.join(", ")} (access.allowAll): whoever finds the bot can use the agent.`);
  if (reached.length > 0 && !hasOwner && !letsAnybodyIn(configuration, reached)) {
    const [first] = reached;
    const example = `platforms.${first?.platform.id ?? "<name>"}.access.allow`;
    lines.push(
      `Nobody is let in yet: every message is refused. List user ids in \`${example}\`, or start the gateway in a terminal to become its owner.`,
    );
  }
  return lines;
}

/** The next step for somebody who has configured nothing: what each platform that comes along would need. */
export function nextStep(home: string, manifests: readonly PlatformManifest[]): string {
  const ways = manifests.flatMap((manifest) => {
    const credential = manifest.environment.find(({ key }) => manifest.secrets.includes(key));
    return credential === undefined ? [] : [`${credential.name}=… for ${manifest.name} (${manifest.documentationUrl})`];
  });
  return `No platform is configured yet. Put ${ways.join(", or ")} into ${home}/.env and start again, or talk here: on the page, or with \`hermes chat\``;
}
