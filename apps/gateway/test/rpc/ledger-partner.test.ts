import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { systemClock } from "@hermes/core";
import { createWebDoor } from "@hermes/platform-web";
import { createGateway, type Ledger } from "@hermes/runtime";
import { createFakeClock, settle } from "@hermes/runtime/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Configuration } from "../../src/config/configuration.ts";
import type { Credential } from "../../src/credentials/credential.ts";
import { makeHome, serveHome, serveHomeSoon, type ServedHome } from "../../src/home.ts";
import { createOfflineHandlers } from "../../src/rpc/offline-handlers.ts";
import { findLedgerPartner, type LedgerPartner } from "../../src/rpc/ledger-partner.ts";
import { load } from "../config/load.ts";
import { serveRoutes } from "../http/serve-routes.ts";
import { writeHomeFile } from "../temporary-home.ts";
import { createBook, deliveryOf } from "./ledger-book.ts";

const token = "a-token-for-tests-only";
const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function configured(): Promise<Configuration> {
  return load({ "config.yaml": `server: { port: 0, token: ${token} }\n` });
}

/** A home with a store whose ledger is `ledger`. */
async function keptHome(): Promise<Configuration> {
  const configuration = await configured();
  await makeHome(configuration.home);
  await writeHomeFile(configuration.home, "gateway/hermes.db", "");
  return configuration;
}

interface Looked {
  readonly partner: LedgerPartner;
  readonly opened: string[];
}

async function look(
  configuration: Pick<Configuration, "home" | "settings">,
  ledger: Ledger = createBook([]).ledger,
  clock = systemClock,
): Promise<Looked> {
  const opened: string[] = [];
  const openLedger = async () => {
    opened.push("opened");
    return { ledger, close: async () => void opened.push("closed") };
  };
  return { partner: await findLedgerPartner({ configuration, clock, openLedger }), opened };
}

function held(home: string, what: "gateway" | "chat" | "ledger"): ServedHome {
  const served = serveHome(home, what, systemClock);
  if ("heldBy" in served) throw new Error("It was expected to be free");
  onTestFinished(() => served.release());
  return served;
}

describe("A home that no gateway serves", () => {
  it("has an empty ledger and stays as it is when it was never served", async () => {
    const configuration = await configured();
    const { partner, opened } = await look(configuration);
    expect(await partner.client.call("deliveries.list")).toEqual({ rows: [] });
    expect(await partner.client.call("events.list")).toEqual({ rows: [] });
    await expect(partner.client.call("timeline.show", { id: "1" })).rejects.toMatchObject({ kind: "not-found" });
    await partner.close();
    expect(opened).toEqual([]);
    expect(await readdir(configuration.home)).toEqual(["config.yaml"]);
  });

  it("has an empty ledger when nothing was ever stored, and no store is made", async () => {
    const configuration = await configured();
    await makeHome(configuration.home);
    const { partner, opened } = await look(configuration);
    expect(await partner.client.call("deliveries.list")).toEqual({ rows: [] });
    await partner.close();
    expect(opened).toEqual([]);
    expect(existsSync(configuration.settings.store.path)).toBe(false);
  });

  it("is held while its store is looked into, and free afterwards", async () => {
    const configuration = await keptHome();
    const { partner, opened } = await look(configuration, createBook([deliveryOf("turn_1")]).ledger);
    expect(partner.isRunning).toBe(false);
    expect((await partner.client.call("deliveries.list")).rows).toHaveLength(1);
    expect(serveHome(configuration.home, "gateway", systemClock)).toMatchObject({ heldBy: { what: "ledger" } });
    await partner.close();
    expect(opened).toEqual(["opened", "closed"]);
    held(configuration.home, "gateway");
  });

  it("is free again when its store cannot be opened", async () => {
    const configuration = await keptHome();
    const openLedger = async (): Promise<never> => {
      throw new Error("damaged");
    };
    await expect(findLedgerPartner({ configuration, clock: systemClock, openLedger })).rejects.toThrow("damaged");
    held(configuration.home, "gateway");
  });

  it("lets a fault of the ledger be seen as one", async () => {
    const broken = async (): Promise<never> => {
      throw new TypeError("a fault");
    };
    const { partner } = await look(await keptHome(), { ...createBook([]).ledger, listEvents: broken });
    await expect(partner.client.call("events.list")).rejects.toThrow(new TypeError("a fault"));
    await partner.close();
  });
});

describe("A home that somebody looks into", () => {
  it("is had by the next one, gateway or look, as soon as the look is over", async () => {
    for (const what of ["gateway", "ledger"] as const) {
      const { home } = await keptHome();
      const looking = held(home, "ledger");
      const clock = createFakeClock();
      const next = serveHomeSoon(home, what, clock);
      await settle();
      looking.release();
      await clock.advance(100);
      const served = await next;
      expect(served).toHaveProperty("release");
      if ("release" in served) served.release();
    }
  });

  it("is not waited for without end", async () => {
    const { home } = await keptHome();
    held(home, "ledger");
    const clock = createFakeClock();
    const next = serveHomeSoon(home, "gateway", clock);
    await clock.advance(5000);
    expect(await next).toMatchObject({ heldBy: { what: "ledger", pid: process.pid } });
  });

  it("is not waited for at all when a gateway or a chat has it", async () => {
    for (const what of ["gateway", "chat"] as const) {
      const { home } = await keptHome();
      held(home, what);
      expect(await serveHomeSoon(home, "ledger", createFakeClock())).toMatchObject({ heldBy: { what } });
    }
  });
});

describe("A home that a gateway serves", () => {
  async function served(book = createBook([deliveryOf("turn_1", { state: "failed" })])): Promise<Configuration> {
    const configuration = await keptHome();
    const credentials = new WeakMap<Request, Credential>();
    const handlers = createOfflineHandlers({ ledger: book.ledger, platforms: () => [], isReady: () => true });
    const door = createWebDoor({ authenticate: (request) => credentials.get(request), handlers });
    const gateway = createGateway({ platforms: [door.platform], agent: async function* () {}, access: {}, logger });
    await gateway.start();
    onTestFinished(async () => {
      door.close();
      await gateway.stop();
    });
    const { url } = await serveRoutes({
      gateway: { receive: (request, platform) => gateway.receive(request, platform) },
      parts: { credentials },
    });
    held(configuration.home, "gateway").announce(url);
    return configuration;
  }

  it("is asked over its door, and its store is left alone", async () => {
    const book = createBook([deliveryOf("turn_1", { state: "failed" })]);
    const { partner, opened } = await look(await served(book));
    expect(partner.isRunning).toBe(true);
    expect(await partner.client.call("deliveries.retry", { replyId: "turn_1" })).toMatchObject({ done: true });
    await expect(partner.client.call("deliveries.show", { replyId: "x" })).rejects.toMatchObject({ kind: "not-found" });
    await partner.close();
    expect([opened, book.done]).toEqual([[], ["retry turn_1"]]);
  });

  it("does not take another token, and that is said in a sentence", async () => {
    const { home, settings } = await served();
    const other = { home, settings: { ...settings, server: { ...settings.server, token: "another-token-than-that" } } };
    await expect(look(other)).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining("does not take this token") as unknown,
    });
  });

  it("that does not answer may do so later", async () => {
    const configuration = await keptHome();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    const port = typeof address === "object" ? address?.port : 0;
    held(configuration.home, "gateway").announce(`http://127.0.0.1:${port}`);
    await expect(look(configuration)).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringContaining("does not answer") as unknown,
    });
  });

  it("and is not ready yet, may be asked in a moment; a chat cannot be asked at all", async () => {
    const starting = await keptHome();
    held(starting.home, "gateway");
    await expect(look(starting)).rejects.toMatchObject({ exitCode: 75 });
    const chatting = await keptHome();
    held(chatting.home, "chat");
    await expect(look(chatting)).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining(`served already by chat with pid ${process.pid}`) as unknown,
    });
  });
});

it("The lock's note lies beside the lock and goes with it", async () => {
  const { home } = await keptHome();
  const served = held(home, "ledger");
  expect(existsSync(join(home, "gateway", "gateway.lock.json"))).toBe(true);
  served.release();
  expect(existsSync(join(home, "gateway", "gateway.lock.json"))).toBe(false);
});
