import { describe, expect, test } from "vitest";
import {
  type AgentEvent,
  completeCapabilities,
  definePlatform,
  text,
  toAgent,
  type CapabilityTable,
  type Chat,
  type Platform,
  type Sent,
  type Turn,
} from "../src/index.ts";

const sms = {
  text: { maxLength: 1600, partsPerSend: 1, markdown: "none", tables: false },
  inbound: { replay: "none", windowMs: 0 },
} as const satisfies CapabilityTable;
const base = { apiVersion: 1, id: "x", kind: "x", claims: [], measure: (markdown: string) => markdown.length } as const;
const live = {
  identity: { id: "1", name: "bot" },
  send: async (chat: Chat): Promise<Sent> => [{ ...chat.ref, messageId: "1" }],
  disconnect: async () => undefined,
};
const download = async (): Promise<ReadableStream<Uint8Array>> => new ReadableStream<Uint8Array>();
const images = { send: {}, receive: ["image"] } as const;

describe("A platform", () => {
  test("that declares nothing needs only to send", () => {
    const platform = definePlatform({ ...base, capabilities: sms, connect: async () => live });
    expect(platform.capabilities).toEqual(completeCapabilities(sms));
    expect(platform.measure("four")).toBe(4);
  });

  test("that declares a capability has its method", () => {
    const edits = definePlatform({
      ...base,
      capabilities: { ...sms, edit: { minIntervalMs: 1 } },
      connect: async () => ({ ...live, edit: async () => undefined }),
    });
    const files = definePlatform({
      ...base,
      capabilities: { ...sms, media: images },
      connect: async () => ({ ...live, download }),
    });
    const registry: readonly Platform[] = [edits, files];
    expect(registry.map(({ capabilities }) => capabilities.edit)).toEqual([{ minIntervalMs: 1 }, false]);
  });

  test("that declares what it does not implement does not compile", () => {
    const liars = [
      // @ts-expect-error It declares `edit` and has no such method.
      definePlatform({ ...base, capabilities: { ...sms, edit: { minIntervalMs: 1 } }, connect: async () => live }),
      // @ts-expect-error It receives files and cannot download them.
      definePlatform({ ...base, capabilities: { ...sms, media: images }, connect: async () => live }),
      // @ts-expect-error It opens threads and has no `openThread`.
      definePlatform({ ...base, capabilities: { ...sms, threads: { create: true } }, connect: async () => live }),
      // @ts-expect-error It can be asked for a send and has no `findSent`.
      definePlatform({ ...base, capabilities: { ...sms, lookup: true }, connect: async () => live }),
    ];
    expect(liars).toHaveLength(4);
  });

  test("that implements what it does not declare does not compile", () => {
    const edit = async (): Promise<void> => undefined;
    const deaf = { ...sms, media: { send: {}, receive: [] } } as const;
    const modest = [
      // @ts-expect-error It has `edit` and does not declare it: core would never call it.
      definePlatform({ ...base, capabilities: sms, connect: async () => ({ ...live, edit }) }),
      // @ts-expect-error It has `download` and receives no files.
      definePlatform({ ...base, capabilities: deaf, connect: async () => ({ ...live, download }) }),
    ];
    expect(modest).toHaveLength(2);
  });

  test("that has threads without creating them needs no method for it", () => {
    const platform = definePlatform({ ...base, capabilities: { ...sms, threads: { create: false } }, connect: async () => live });
    expect(platform.capabilities.threads).toEqual({ create: false });
  });
});

describe("A capability table", () => {
  test("is completed with what is absent, and stays JSON", () => {
    const capabilities = completeCapabilities({ ...sms, edit: { minIntervalMs: 5 }, sendWithoutListening: false });
    expect(capabilities).toMatchObject({
      edit: { minIntervalMs: 5 },
      sendWithoutListening: false,
      live: false,
      remove: false,
      typing: false,
    });
    expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("cannot have a maximum length of %s", (maxLength) => {
    expect(() => completeCapabilities({ ...sms, text: { ...sms.text, maxLength } })).toThrow(RangeError);
    expect(() => completeCapabilities({ ...sms, text: { ...sms.text, maxLength } })).toThrow(/maxLength .* got/u);
  });

  test.each([0, -1, 2.5, Number.NaN])("cannot have %s texts in one send", (partsPerSend) => {
    expect(() => completeCapabilities({ ...sms, text: { ...sms.text, partsPerSend } })).toThrow(RangeError);
  });

  test("has no limit where the maximum length is null", () => {
    expect(completeCapabilities({ ...sms, text: { ...sms.text, maxLength: null } }).text.maxLength).toBeNull();
  });
});

describe("A plain generator function", () => {
  test("is an agent with all features off", async () => {
    const agent = toAgent(async function* () {
      yield text("Hello");
    });
    expect(agent.features).toEqual({ steer: false, undo: false, resume: "replay" });
    const events: AgentEvent[] = [];
    for await (const event of agent.run({} as Turn)) events.push(event);
    expect(events).toEqual([{ type: "text-delta", text: "Hello" }]);
    expect(toAgent(agent)).toBe(agent);
  });
});
