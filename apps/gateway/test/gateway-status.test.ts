import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { gatewayState } from "../src/cli/operator/gateway-state.ts";
import { showGatewayStatus } from "../src/cli/operator/show-gateway-status.ts";
import { makeHome, serveHome as takeHome } from "../src/home.ts";
import { house, run } from "./ledger-house.ts";
import { serve, serveHome, stop } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

describe("hermes gateway status, where no gateway runs", () => {
  it("says so with exit code 3, and makes nothing", async () => {
    const home = await temporaryHome();
    const words = `No gateway runs for ${home}. Start it: hermes gateway run`;
    expect(await run(home, "gateway", "status")).toEqual({ code: 3, output: words, errors: "" });
    await expect(stat(join(home, "gateway"))).rejects.toThrow("ENOENT");
    await mkdir(join(home, "gateway"));
    expect(await run(home, "gateway", "status")).toEqual({ code: 3, output: words, errors: "" });
  });

  it("says so for scripts too", async () => {
    const home = await temporaryHome();
    const { code, output } = await run(home, "gateway", "status", "--json");
    expect([code, JSON.parse(output)]).toEqual([
      3,
      {
        gateway_state: "stopped",
        kind: "hermes-gateway",
        pid: null,
        hermes_home: home,
        updated_at: expect.any(String) as unknown,
      },
    ]);
  });

  it("does not take a chat, or a configuration that cannot be read, for a gateway", async () => {
    const home = await temporaryHome({ "config.yaml": "server: { port: none }\n" });
    expect(await run(home, "gateway", "status")).toMatchObject({ code: 3, errors: "" });
    const chatHome = await temporaryHome();
    await makeHome(chatHome);
    const chat = takeHome(chatHome, "chat", systemClock);
    expect(chat).toHaveProperty("release");
    expect(await run(chatHome, "gateway", "status")).toMatchObject({ code: 3 });
    if ("release" in chat) chat.release();
  });

  it("says that one is just starting where it has not said where it serves", async () => {
    const home = await temporaryHome();
    await makeHome(home);
    const gateway = takeHome(home, "gateway", systemClock);
    const { code, output } = await run(home, "gateway", "status");
    expect([code, output]).toEqual([
      3,
      `The gateway for ${home} (pid ${process.pid}) is just starting or stopping. Ask again in a moment.`,
    ]);
    expect((await run(home, "gateway", "status", "--json")).output).toContain('"gateway_state": "starting"');
    if ("release" in gateway) gateway.release();
  });

  it("says it of one that has ended", async () => {
    const { hermes, home } = await serve();
    await stop(hermes);
    expect(await run(home, "gateway", "status")).toMatchObject({ code: 3 });
  });
});

describe("hermes gateway status, where one runs", () => {
  it("tells all that is known of it", async () => {
    const { api, home } = await house();
    const { hermes, url } = await serveHome(home, { TELEGRAM_HOME_CHANNEL: "-1001234567890:7" });
    api.say("hello");
    await api.until(() => api.texts(42, "bot").length === 1);
    const { code, output, errors } = await run(home, "gateway", "status");
    expect([code, errors]).toEqual([0, ""]);
    const [first, , ...lines] = output.split("\n");
    expect(first).toMatch(new RegExp(`^Hermes Gateway \\S+ is running, up .+ \\(pid ${hermes.process.pid}\\)$`, "u"));
    for (const line of [
      /^Ready +yes$/u,
      new RegExp(`^Address +${url}$`, "u"),
      new RegExp(`^Home +${home}$`, "u"),
      /^Agent +echo$/u,
      /^Turns +0 running, 0 conversations waiting$/u,
      new RegExp(`^Store +${home}/gateway/hermes\\.db, \\d+(?:\\.\\d)? kB$`, "u"),
      /^Memory +\d+(?:\.\d)? MB$/u,
      /^telegram +up .* hermes_test_bot +1 +1 +- +-$/u,
      /^telegram +telegram:-1001234567890:7 +- +configuration$/u,
      /^expiry +30\.0 s +/u,
      /^search-index +30\.0 s +/u,
      /^retention +30\.0 s +/u,
      /^channel-directory +5 min +/u,
      /^uploads +24\.0 h +- +- +in \d/u,
    ])
      expect(lines).toContainEqual(expect.stringMatching(line));
  });

  it("prints one JSON object with the same keys always", async () => {
    const { home, url } = await serve({
      "config.yaml": "server: { port: 0 }\nplatforms: { telegram: { enabled: false }, zulip: {} }\n",
    });
    const { code, output } = await run(home, "gateway", "status", "--json");
    expect(code).toBe(0);
    const state = JSON.parse(output) as Readonly<Record<string, unknown>>;
    expect(Object.keys(state)).toEqual([
      "gateway_state",
      "kind",
      "pid",
      "version",
      "hermes_home",
      "url",
      "agent",
      "started_at",
      "updated_at",
      "uptime_seconds",
      "ready",
      "reasons",
      "active_agents",
      "waiting_conversations",
      "connections",
      "memory",
      "store",
      "platforms",
      "home_channels",
      "maintenance",
    ]);
    expect(state).toMatchObject({
      gateway_state: "running",
      hermes_home: home,
      url,
      ready: false,
      reasons: ["zulip is not configured rightly"],
      active_agents: 0,
      memory: { pressure: null },
      store: { path: join(home, "gateway", "hermes.db"), writable: true, refusal: null },
      platforms: {
        web: { state: "connected", error_code: null, error_message: null, received: 0 },
        telegram: { state: "disabled" },
        zulip: { state: "fatal", error_code: "configuration" },
      },
      home_channels: {},
    });
    expect(state["maintenance"]).toContainEqual(
      expect.objectContaining({ name: "uploads", running: false, ok: null, failures: 0 }),
    );
  });
});

const admission = { taken: 3, refused: 1 };
const delivery = { sent: 2, failed: 1, failure: "rate-limited" };
const told = {
  url: "http://127.0.0.1:8642",
  info: {
    version: "1.0.0",
    startedAtMs: 0,
    ready: false,
    reasons: ["telegram has failed"],
    runningTurns: 2,
    busyConversations: 3,
    connections: 1,
    residentBytes: 131_000_000,
    agent: "echo",
    phase: "stopping",
    pressure: "the heap is nearly full",
    store: { path: "/h/hermes.db", sizeBytes: 12_345_678_901, writable: false, refusal: "the disk is full" },
    homeChannels: [
      {
        platform: "telegram",
        target: "telegram:42",
        chat: { platform: "telegram", chatId: "42", type: "dm", name: "Ada" },
        by: "chat",
      },
    ],
    maintenance: [
      {
        name: "uploads",
        everyMs: 86_400_000,
        isRunning: false,
        runs: 2,
        failures: 1,
        startedAtMs: 1000,
        durationMs: 30,
        ok: false,
        result: "no room",
        nextAtMs: 90_000,
      },
      { name: "retention", everyMs: 30_000, isRunning: true, runs: 0, failures: 0, startedAtMs: 60_000 },
    ],
  },
  platforms: [
    { id: "telegram", kind: "telegram", state: "failed", sinceMs: 0, reason: "token revoked", admission, delivery },
    { id: "slack", kind: "slack", state: "waiting", sinceMs: 0, reason: "no answer", retryAtMs: 61_000, admission, delivery },
    { id: "irc", kind: "irc", state: "paused", sinceMs: 0, admission, delivery },
    {
      id: "matrix",
      kind: "matrix",
      state: "tripped",
      sinceMs: 0,
      breaker: { phase: "open", failures: 10, openedAtMs: 0, probeAtMs: 300_000 },
      admission,
      delivery,
    },
  ],
} as const;

describe("What stands in it", () => {
  it("says what is wrong, for people", () => {
    const shown = showGatewayStatus(told, { nowMs: 60_000, width: 120 });
    expect(shown).toContain("Hermes Gateway 1.0.0 is stopping, up 1 min\n");
    expect(shown).toMatch(/^Ready +no: telegram has failed$/mu);
    expect(shown).toMatch(/^Turns +2 running, 1 conversation waiting$/mu);
    expect(shown).toMatch(/^Store +\/h\/hermes\.db, 12\.3 GB, takes no writes: the disk is full$/mu);
    expect(shown).toMatch(/^Memory +131 MB, nothing new is taken: the heap is nearly full$/mu);
    expect(shown).toMatch(/^telegram +telegram:42 +Ada +\/sethome$/mu);
    expect(shown).toMatch(/^uploads +24\.0 h .* 30 ms +in 30\.0 s +failed: no room$/mu);
    expect(shown).toMatch(/^retention .* running +-$/mu);
  });

  it("calls states as earlier gateways did, for scripts", () => {
    expect(gatewayState(told, 60_000)).toMatchObject({
      gateway_state: "draining",
      uptime_seconds: 60,
      active_agents: 2,
      waiting_conversations: 1,
      platforms: {
        telegram: { state: "fatal", error_code: "failed", error_message: "token revoked", failure: "rate-limited" },
        slack: { state: "retrying", error_code: "waiting", retry_at: "1970-01-01T00:01:01.000Z" },
        irc: { state: "paused", error_code: "paused", error_message: null, retry_at: null },
        matrix: { state: "retrying", error_code: "tripped", retry_at: "1970-01-01T00:05:00.000Z" },
      },
      home_channels: { telegram: { target: "telegram:42", chat_id: "42", thread_id: null, name: "Ada", chosen_by: "chat" } },
    });
  });
});
