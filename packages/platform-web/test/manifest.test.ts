import { createGateway } from "@hermes/runtime";
import { createFakeClock, settle } from "@hermes/runtime/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { configurationSchema } from "../src/configuration.ts";
import { manifest } from "../src/manifest.ts";
import { completeLimits } from "../src/options.ts";
import { echo, keyOf } from "./set-up.ts";
import { openWire, type Wire } from "./wire.ts";

const token = "FAKE-TOKEN-FOR-TESTS-0123456789-abcdef";

async function mount(): Promise<(authorization?: string) => Promise<Wire>> {
  const platform = await manifest.load("door", { token, userId: "ada", maxConnections: 20 });
  const clock = createFakeClock();
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const gateway = createGateway({ platforms: [platform], access: { allow: ["door:ada"] }, agent: echo, clock, logger });
  await gateway.start();
  onTestFinished(() => gateway.stop());
  await settle();
  return async (authorization) => {
    const headers = { upgrade: "websocket", ...(authorization === undefined ? {} : { authorization }) };
    return openWire(await gateway.receive(new Request("http://127.0.0.1/webhooks/door", { headers })));
  };
}

describe("The manifest", () => {
  it("loads a door of its own: one token, one user, chats alone", async () => {
    const connect = await mount();
    const wire = await connect(`Bearer ${token}`);
    expect(await wire.call("chat.send", { text: "hello" })).toMatchObject({
      text: "echo: hello",
      session_key: "agent:main:door:dm:ada",
    });
    expect(await wire.refusal("gateway.status")).toBe("unavailable");
    expect(await wire.refusal("chat.history", { session_key: keyOf("ada") })).toBe("unavailable");
    expect(await wire.call("health")).toEqual({ status: "ok", ready: true });
  });

  it("lets nobody in who shows another token, or none", async () => {
    const connect = await mount();
    expect(await (await connect(`Bearer ${token}x`)).refusal("chat.send", { text: "hello" })).toBe("unauthorized");
    expect(await (await connect()).refusal("chat.send", { text: "hello" })).toBe("unauthorized");
  });

  it("knows the ids of users and chats, and nothing that merely looks like one", () => {
    expect([manifest.parseUserId(" ada "), manifest.parseUserId("ada.1"), manifest.parseUserId("a:b")]).toEqual([
      "ada",
      undefined,
      undefined,
    ]);
    expect(manifest.parseTarget("ada.travel")).toEqual({ chatId: "ada.travel" });
    expect(manifest.parseTarget("ada.travel.2")).toBeUndefined();
  });

  it("refuses a token that could be guessed, and keys that nobody knows", () => {
    expect(configurationSchema.safeParse({ token: "short" }).success).toBe(false);
    expect(configurationSchema.safeParse({ token, strange: 1 }).success).toBe(false);
    expect(manifest.secrets).toEqual(["token"]);
  });
});

describe("A limit", () => {
  it("that would stop the door from working is refused by its name", () => {
    expect(() => completeLimits({ maxConnections: 0 })).toThrow(/limits\.maxConnections/u);
    expect(completeLimits().messagesPerMinute).toBe(100);
  });
});
