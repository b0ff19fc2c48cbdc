// A gateway of a home like any other, but for its agent, which does what it is told. Run by tests of `hermes chat`.
import { setTimeout as wait } from "node:timers/promises";
import { systemClock, text, type AgentFunction } from "@hermes/core";
import { createGateway } from "@hermes/runtime";
import { openStore, type Composition } from "../../src/compose.ts";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { makeHomeToken } from "../../src/credentials/home-token.ts";
import { tokenFactsOf } from "../../src/credentials/token-facts.ts";
import { configurationInput } from "../../src/cli/load.ts";
import { doorId, openDoors } from "../../src/doors.ts";
import { makeHome, serveHomeSoon } from "../../src/home.ts";
import { openServer } from "../../src/http/open-server.ts";
import { watchReadiness } from "../../src/http/readiness.ts";
import { createFileLocks } from "../../src/locks/file-locks.ts";
import { lockDirectoryOf } from "../../src/locks/lock-paths.ts";
import { createProcessLog } from "../../src/log/process-log.ts";
import { createRedactor } from "../../src/log/redactor.ts";
import { serveDoors } from "../../src/serve-doors.ts";

const paceMs = 15;

/**
 * `once` begins, and ends later;
 * `count <n>` says so many lines; `hang` says a word and no more; `tool` uses two; `ask` asks back; `say <text>` says it in small pieces.
 */
const agent: AgentFunction = async function* (turn) {
  const [, verb = "", rest = ""] = /^(\w+) ?([\s\S]*)$/u.exec(turn.input[0].text) ?? [];
  switch (verb) {
    case "count":
      for (let line = 1; line <= Number(rest); line += 1) {
        yield text(`Line ${line} of the answer.\n\n`);
        await wait(paceMs);
      }
      return;
    case "hang":
      yield text("Hanging.\n\nStill");
      await new Promise<never>((_, reject) => turn.signal.addEventListener("abort", () => reject(new Error("stopped"))));
      return;
    case "once":
      yield text("Begun.\n\nStill");
      await wait(100 * paceMs);
      yield text(" ended.");
      return;
    case "tool":
      yield { type: "reasoning-delta", text: "secret thoughts" };
      await wait(10 * paceMs);
      yield text("Let me look.");
      yield { type: "segment-end" };
      yield { type: "tool-start", callId: "1", title: "Reading the map", effect: "none" };
      await wait(10 * paceMs);
      yield { type: "tool-end", callId: "1", outcome: "done", summary: "two roads" };
      yield { type: "tool-start", callId: "2", title: "Asking the way", effect: "none" };
      await wait(10 * paceMs);
      yield { type: "tool-end", callId: "2", outcome: "failed" };
      yield text("There are **two** roads.");
      return;
    case "ask": {
      const answer = await turn.ask({
        key: "where",
        kind: "text",
        prompt: "Where to?",
        expiresAfterMs: 60_000,
        onExpiry: "nowhere",
      });
      yield text(`Off to ${"text" in answer ? (answer.text ?? "") : "nowhere"}.`);
      return;
    }
    default:
      for (let at = 0; at < rest.length; at += 7) {
        yield text(rest.slice(at, at + 7));
        await wait(paceMs);
      }
  }
};

const environment = readEnvironment();
const configuration = await loadConfiguration(configurationInput(environment));
const { home, settings } = configuration;
const [clock, log] = [systemClock, createProcessLog(environment, createRedactor())];
log.setLevel("error");
await makeHome(home);
const served = await serveHomeSoon(home, "gateway", clock);
if ("heldBy" in served) throw new Error("The home is served already");
const tokens = tokenFactsOf(settings.server, await makeHomeToken(home), undefined);
const store = await openStore(settings.store);
const doors = openDoors({ home, tokens, store, clock, logger: log, limits: {} });
const holder = { pid: process.pid, home, what: "gateway" };
const gateway = createGateway({
  platforms: [doors.web.platform],
  agent,
  access: { allowAllOn: [doorId] },
  store,
  locks: createFileLocks({ directory: lockDirectoryOf(environment), clock, holder }),
  clock,
  logger: log,
});
const composition: Composition = { gateway, doors, platforms: [], broken: [] };
serveDoors({ configuration, composition, clock, logger: log, reasons: () => [], hide: () => undefined });
const server = await openServer({ configuration, composition, clock, log, readiness: watchReadiness(gateway, [], clock) });
await gateway.start();
served.announce(server.url);
process.stdout.write(`ready at ${server.url}\n`);
process.on("SIGTERM", () => {
  served.release();
  process.exit(0);
});
