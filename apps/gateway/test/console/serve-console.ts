import { systemClock, text, type AgentFunction } from "@hermes/core";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { configurationInput } from "../../src/cli/load.ts";
import { startService, type Service } from "../../src/gateway-service.ts";
import { createRedactor } from "../../src/log/redactor.ts";
import { createLog } from "../../src/log/log.ts";
import { temporaryHome, writeHomeFile } from "../temporary-home.ts";

/** A gateway with the built page, which can be stopped and started again at the same address. */
export interface ServedConsole {
  readonly url: string;
  readonly home: string;
  /** What went wrong in the gateway. */
  readonly logged: readonly string[];
  service(): Service;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** A link that signs a browser in, once. */
  link(): string;
}

/** Says what it is asked for; `slowly …` takes its time, `use tools` uses two, `fail` fails. */
export const storyteller: AgentFunction = async function* (turn) {
  const asked = turn.input[0].text;
  if (asked.startsWith("fail")) throw new Error("asked to fail");
  if (asked.startsWith("use tools")) {
    yield text("Let me look.");
    yield { type: "tool-start", callId: "1", title: "Read the calendar", effect: "none" };
    await pause(50);
    yield { type: "tool-end", callId: "1", outcome: "done", summary: "3 entries" };
    yield { type: "tool-start", callId: "2", title: "Ask the weather", effect: "none" };
    await pause(50);
    yield { type: "tool-end", callId: "2", outcome: "failed", summary: "no answer" };
    yield text("You are free **at two**.");
    return;
  }
  if (asked.startsWith("slowly")) {
    for (let count = 1; count <= 200 && !turn.signal.aborted; count += 1) {
      yield text(`word${count} `);
      await pause(25);
    }
    return;
  }
  yield text(`You said: ${asked}`);
};

/** Serves a home of its own on a free port. What it logs is kept, and nothing is printed. */
export async function serveConsole(agent: AgentFunction = storyteller): Promise<ServedConsole> {
  const home = await temporaryHome();
  const logged: string[] = [];
  // The same address after a restart: browsers know their gateway by it.
  await writeHomeFile(home, "config.yaml", `server: { port: ${await freePort()} }\n`);
  const start = async (): Promise<Service> => {
    const environment = { HERMES_HOME: home, HOME: home };
    const configuration = await loadConfiguration(configurationInput(environment));
    const redactor = createRedactor();
    const log = createLog({
      level: "error",
      human: false,
      redactor,
      write: (line) => logged.push(line),
      now: () => systemClock.now(),
    });
    return await startService({ configuration, environment, clock: systemClock, log, redactor, agent });
  };
  let service = await start();
  let isRunning = true;
  const { url } = service;
  const stop = async (): Promise<void> => {
    if (isRunning) await service.stop();
    isRunning = false;
  };
  onTestFinished(stop);
  return {
    url,
    home,
    logged,
    service: () => service,
    stop,
    async start() {
      service = await start();
      isRunning = true;
    },
    link: () => `${url}/#code=${service.doors.codes.make().code}`,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("There is no free port");
  return address.port;
}
