import { describe, expect, it } from "vitest";
import { completeCapabilities, definePlatform, type CapabilityTable, type Chat, type Platform, type Sent } from "@hermes/core";

const sms = {
  text: { maxLength: 1600, partsPerSend: 1, markdown: "none", tables: false },
  inbound: { replay: "none", windowMs: 0 },
} as const satisfies CapabilityTable;
const still = { apiVersion: 1, id: "x", kind: "x", claims: [], measure: (markdown: string) => markdown.length } as const;
const live = {
  identity: { id: "1", name: "bot" },
  send: async (chat: Chat): Promise<Sent> => [{ ...chat.ref, messageId: "1" }],
  disconnect: async () => undefined,
};
const bytes = async (): Promise<ReadableStream<Uint8Array>> => new ReadableStream();

/** Compiled, not run: each `@ts-expect-error` is a proof that the mould refuses it. */
export function proofs(): readonly Platform[] {
  const plain = definePlatform({ ...still, capabilities: sms, connect: async () => live });
  const edits = definePlatform({
    ...still,
    capabilities: { ...sms, edit: { minIntervalMs: 1 } },
    connect: async () => ({ ...live, edit: async () => undefined }),
  });
  // @ts-expect-error edits are declared and not implemented
  definePlatform({ ...still, capabilities: { ...sms, edit: { minIntervalMs: 1 } }, connect: async () => live });
  // @ts-expect-error edits are implemented and not declared
  definePlatform({ ...still, capabilities: sms, connect: async () => ({ ...live, edit: async () => undefined }) });
  const files = definePlatform({
    ...still,
    capabilities: { ...sms, media: { send: {}, receive: ["image"] } },
    connect: async () => ({ ...live, download: bytes }),
  });
  // @ts-expect-error files are received and cannot be downloaded
  definePlatform({ ...still, capabilities: { ...sms, media: { send: {}, receive: ["image"] } }, connect: async () => live });
  // @ts-expect-error nothing is received, so nothing can be downloaded
  definePlatform({ ...still, capabilities: sms, connect: async () => ({ ...live, download: bytes }) });
  // @ts-expect-error threads are made only where they are declared with `create`
  definePlatform({ ...still, capabilities: { ...sms, threads: { create: true } }, connect: async () => live });
  const threads = definePlatform({ ...still, capabilities: { ...sms, threads: { create: false } }, connect: async () => live });
  return [plain, edits, files, threads];
}

describe("A capability table", () => {
  it("says false for everything it leaves out", () => {
    const complete = completeCapabilities(sms);
    expect(complete).toMatchObject({
      edit: false,
      live: false,
      typing: false,
      lookup: false,
      idempotentSend: false,
      media: { send: {}, receive: [] },
    });
    expect(complete.text).toBe(sms.text);
  });

  it("survives JSON", () => {
    const complete = completeCapabilities({ ...sms, edit: { minIntervalMs: 1000, maxEdits: 20 } });
    expect(JSON.parse(JSON.stringify(complete))).toEqual(complete);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a maximum length of %s, which no text could meet", (maxLength) => {
    expect(() => completeCapabilities({ ...sms, text: { ...sms.text, maxLength } })).toThrow(
      /maxLength to be a whole number above 0, or null/u,
    );
  });

  it.each([0, 1.5])("refuses %s texts per send", (partsPerSend) => {
    expect(() => completeCapabilities({ ...sms, text: { ...sms.text, partsPerSend } })).toThrow(/partsPerSend/u);
  });
});

describe("A defined platform", () => {
  it("carries the whole table", () => {
    const [plain] = proofs();
    expect(plain?.capabilities).toEqual(completeCapabilities(sms));
    expect(plain?.measure("four")).toBe(4);
  });
});
