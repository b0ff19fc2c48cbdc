import type { CapabilityTable } from "@hermes/core";

/** What the gateway's own door can do. Whoever shows the answers renders them: there is no limit of length, and all of Markdown. */
export const capabilityTable = {
  text: { maxLength: null, partsPerSend: 1, markdown: "full", tables: true },
  // Who was not let in while the gateway was down knows it at once, and asks again.
  inbound: { replay: "none", windowMs: 0 },
  // A repeated send is told once in this process. After a restart nobody has heard it yet: what was said before stands in the store.
  idempotentSend: true,
  live: "own",
  answerEnds: true,
  progress: true,
  media: { send: {}, receive: ["image", "audio", "voice", "video", "file"] },
} as const satisfies CapabilityTable;
