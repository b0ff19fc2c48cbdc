import { systemClock, text, type AgentFunction, type StopReason } from "@hermes/core";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { configurationInput } from "../../src/cli/load.ts";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { startService } from "../../src/gateway-service.ts";
import { createLog } from "../../src/log/log.ts";
import { createRedactor } from "../../src/log/redactor.ts";
import { temporaryHome } from "../temporary-home.ts";

const key = "FAKE-KEY-FOR-TESTS-0123456789";

interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A gateway whose agent talks until it is stopped, and tells why it was. */
async function serve(settings = "") {
  const home = await temporaryHome({ "config.yaml": `server: { port: 0 }\n${settings}` });
  const environment = { HERMES_HOME: home, HOME: home, API_SERVER_KEY: key };
  const configuration = await loadConfiguration(configurationInput(environment));
  const redactor = createRedactor();
  const log = createLog({ level: "error", human: false, redactor, write: () => undefined, now: () => systemClock.now() });
  const stopped: StopReason[] = [];
  const agent: AgentFunction = async function* ({ input, signal }) {
    signal.addEventListener("abort", () => stopped.push(signal.reason as StopReason));
    if (input[0].text === "quick") yield text("done");
    else
      while (!signal.aborted) {
        yield text("more ");
        await pause(10, undefined, { signal }).catch(() => undefined);
      }
  };
  const service = await startService({ configuration, environment, clock: systemClock, log, redactor, agent });
  onTestFinished(() => service.stop());
  const ask = (body: object, init: Asking = {}): Promise<Response> =>
    fetch(`${service.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...init.headers },
      body: JSON.stringify({ model: "hermes-agent", ...body }),
      ...(init.signal === undefined ? {} : { signal: init.signal }),
    });
  return { service, ask, stopped };
}

const says = (content: string) => ({ messages: [{ role: "user", content }] });

describe("The OpenAI-compatible API of a gateway", () => {
  it.each([{ stream: true }, { stream: false }])("interrupts the agent when its caller hangs up, %o", async ({ stream }) => {
    const { service, ask, stopped } = await serve();
    const hangUp = new AbortController();
    const asked = ask({ ...says("go on"), stream }, { signal: hangUp.signal });
    asked.catch(() => undefined);
    await expect.poll(() => service.gateway.status().runningTurns).toBe(1);
    if (stream) await (await asked).body?.getReader().read();
    hangUp.abort();
    await expect.poll(() => stopped).toEqual(["stop"]);
    await expect.poll(() => service.gateway.status().runningTurns).toBe(0);
  });

  it("lets nobody in without its key, and counts wrong ones like the gateway's own", async () => {
    const { service, ask } = await serve();
    expect((await ask(says("quick"), { headers: { authorization: "" } })).status).toBe(401);
    for (let count = 0; count < 9; count += 1)
      expect((await ask(says("quick"), { headers: { authorization: "Bearer FAKE-WRONG-KEY-00000" } })).status).toBe(401);
    expect((await ask(says("quick"))).status).toBe(429);
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  });

  it("lets a page in that the configuration names, and no other", async () => {
    const { ask } = await serve("platforms: { openai-api: { corsOrigins: ['https://chat.example.com'] } }\n");
    const named = await ask(says("quick"), { headers: { origin: "https://chat.example.com" } });
    expect([named.status, named.headers.get("access-control-allow-origin")]).toEqual([200, "https://chat.example.com"]);
    expect((await ask(says("quick"), { headers: { origin: "https://elsewhere.example" } })).status).toBe(403);
  });

  it("is not there without a key", async () => {
    const home = await temporaryHome({ "config.yaml": "server: { port: 0 }\n" });
    const environment = { HERMES_HOME: home, HOME: home };
    const configuration = await loadConfiguration(configurationInput(environment));
    const redactor = createRedactor();
    const log = createLog({ level: "error", human: false, redactor, write: () => undefined, now: () => systemClock.now() });
    const service = await startService({ configuration, environment, clock: systemClock, log, redactor });
    onTestFinished(() => service.stop());
    expect((await fetch(`${service.url}/v1/models`)).status).toBe(404);
  });
});
