import {
  definePlatform,
  PlatformError,
  text,
  type Agent,
  type AgentFunction,
  type CapabilityTable,
  type MessageEvent,
  type Platform,
  type PlatformHost,
} from "@hermes/core";
import { createGateway } from "@hermes/runtime";
import { createFakeClock, settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createHeldAgent, echo } from "./set-up.ts";

const capabilities = {
  text: { maxLength: null, partsPerSend: 1, markdown: "full", tables: true },
  inbound: { replay: "none", windowMs: 0 },
  answerEnds: true,
  progress: true,
} as const;

/** A platform whose other side waits for answers, and notes what it is told. */
function createDoor(more: Pick<CapabilityTable, "edit"> = {}) {
  const told: string[] = [];
  let host: PlatformHost | undefined;
  let refusal: "forbidden" | undefined;
  const refuse = (kind: typeof refusal): void => void (refusal = kind);
  const platform: Platform = definePlatform({
    apiVersion: 1,
    id: "door",
    kind: "door",
    capabilities: { ...capabilities, ...more } as typeof capabilities & { readonly edit: { readonly minIntervalMs: number } },
    claims: [],
    measure: (markdown) => markdown.length,
    async connect(given) {
      host = given;
      return {
        identity: { id: "door", name: "Door" },
        async send({ ref }, message) {
          if (refusal !== undefined)
            throw new PlatformError({ platform: "door", failure: { kind: refusal }, message: "Refused" });
          told.push(`says ${message.texts.join()}`);
          return [{ ...ref, messageId: `m${told.length}` }];
        },
        endAnswer(_chat, origin, ending) {
          told.push(`${origin.message?.messageId} ${ending}`);
        },
        async edit(_ref, message) {
          told.push(`edits ${message.texts.join()}`);
        },
        noteProgress(_chat, origin, event) {
          told.push(`${origin.message?.messageId} ${event.type}`);
        },
        async disconnect() {},
      };
    },
  });
  const asks = async (id: string, what: string, lifetime: "durable" | "request" = "durable") => {
    const ref = { platform: "door", chatId: "c1" };
    const author = { id: "7", isBot: false, assurance: "platform" } as const;
    const event: MessageEvent = {
      version: 1,
      type: "message",
      eventId: id,
      messageId: id,
      chat: { ref, type: "dm" },
      origin: { message: { ...ref, messageId: id }, author, lifetime },
      at: "2026-01-01T00:00:00.000Z",
      text: what,
      addressed: true,
      attachments: [],
    };
    await host?.accept([event]);
    await settle();
  };
  return { platform, told, asks, refuse };
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function open(agent: Agent | AgentFunction, more: Pick<CapabilityTable, "edit"> = {}) {
  const door = createDoor(more);
  const clock = createFakeClock();
  const gateway = createGateway({ platforms: [door.platform], agent, access: { allowAll: true }, clock, logger: silent });
  await gateway.start();
  await settle();
  const stop = async (): Promise<void> => {
    const stopped = gateway.stop();
    await clock.advance(5000);
    await stopped;
  };
  return { ...door, gateway, clock, stop };
}

describe("Whoever waits for an answer", () => {
  it("is told of its end once all of it is shown", async () => {
    const { told, asks, gateway, stop } = await open(echo);
    await asks("e1", "hello");
    await gateway.idle();
    expect(told).toEqual(["says echo: hello", "e1 finished"]);
    await stop();
  });

  it("is told of tools, thoughts and what was used, but not of text a second time", async () => {
    const { told, asks, gateway, stop } = await open(async function* () {
      yield { type: "reasoning-delta", text: "hm" };
      yield { type: "tool-start", callId: "c", title: "Look", effect: "none" };
      yield { type: "tool-end", callId: "c", outcome: "done" };
      yield text("so");
      yield { type: "usage", usage: { inputTokens: 3, outputTokens: 4 } };
    });
    await asks("e1", "go");
    await gateway.idle();
    expect(told).toEqual(["e1 reasoning-delta", "e1 tool-start", "e1 tool-end", "e1 usage", "says so", "e1 finished"]);
    await stop();
  });

  it("is told of a tool only once what was said before it stands there", async () => {
    const { told, asks, gateway, stop } = await open(
      async function* () {
        yield text("first I look");
        yield { type: "tool-start", callId: "c", title: "Look", effect: "none" };
        yield { type: "tool-end", callId: "c", outcome: "done" };
        yield text("then I speak");
      },
      { edit: { minIntervalMs: 10 } },
    );
    await asks("e1", "go");
    await gateway.idle();
    expect(told).toEqual(["says first I look", "e1 tool-start", "e1 tool-end", "says then I speak", "e1 finished"]);
    await stop();
  });

  it("is told when a command answers, interrupts and drops", async () => {
    const { agent } = createHeldAgent();
    const { told, asks, gateway, stop } = await open(agent);
    await asks("e1", "one");
    await asks("e2", "two");
    await asks("e3", "/stop");
    await gateway.idle();
    expect(told.filter((each) => !each.startsWith("says")).toSorted()).toEqual(["e1 interrupted", "e2 dropped", "e3 finished"]);
    await stop();
  });

  it("is told when the agent fails", async () => {
    const { agent, turns } = createHeldAgent();
    const { told, asks, gateway, stop } = await open(agent);
    await asks("e1", "one");
    turns[0]?.fail(new Error("out of order"));
    await gateway.idle();
    expect(told.at(-1)).toBe("e1 failed");
    await stop();
  });

  it("is told when what waits for a chat that cannot be reached is dropped by hand", async () => {
    const { told, asks, gateway, stop, refuse } = await open(echo);
    refuse("forbidden");
    await asks("e1", "hello");
    expect(told).toEqual([]);
    const [delivery] = (await gateway.ledger.listDeliveries({ limit: 1 })).rows;
    expect(await gateway.ledger.dropDelivery(delivery?.replyId ?? "")).toMatchObject({ kind: "done" });
    expect(told).toEqual(["e1 finished"]);
    await stop();
  });

  it("is told once the platform is there again, of an answer that ended while it was paused", async () => {
    const { agent, turns } = createHeldAgent();
    const { told, asks, gateway, stop } = await open(agent);
    await asks("e1", "one");
    await gateway.pause("door");
    await settle();
    turns[0]?.end();
    await gateway.idle();
    expect(told).toEqual([]);
    await gateway.resume("door");
    await settle();
    expect(told).toEqual(["e1 finished"]);
    await stop();
  });

  it("is told that an answer to a question was taken", async () => {
    const { told, asks, gateway, stop } = await open(async function* (turn) {
      const answer = await turn.ask({ key: "q", kind: "text", prompt: "When?", expiresAfterMs: 60_000, onExpiry: "" });
      yield text(`at ${"text" in answer ? answer.text : "no time"}`);
    });
    await asks("e1", "book");
    await asks("e2", "two");
    await gateway.idle();
    expect(told).toEqual(["says When?", "e2 finished", "says at two", "e1 finished"]);
    await stop();
  });

  it("by a request is asked nothing, since it cannot answer", async () => {
    const { told, asks, gateway, stop } = await open(async function* (turn) {
      const answer = await turn.ask({ key: "q", kind: "text", prompt: "When?", expiresAfterMs: 60_000, onExpiry: "" });
      yield text("by" in answer ? "asked" : "nobody to ask");
    });
    await asks("e1", "book", "request");
    await gateway.idle();
    expect(told).toEqual(["says nobody to ask", "e1 finished"]);
    await stop();
  });
});
