import type { CapabilityTable } from "@hermes/core";

/** What a caller over HTTP can be given. */
export const capabilityTable = {
  // A body has no limit of its own; clients render Markdown.
  text: { maxLength: null, partsPerSend: 1, markdown: "full", tables: true },
  // Whoever asks waits for the answer: a request that ended with its process is asked again by its caller.
  inbound: { replay: "none", windowMs: 0 },
  live: "own",
  answerEnds: true,
  progress: true,
  // Pictures in the request itself, or at an address that the request names.
  media: { send: {}, receive: ["image"] },
} as const satisfies CapabilityTable;
