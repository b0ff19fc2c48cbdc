import type { CaseName } from "../../../src/cases.ts";
import { connection, raise, type Fault } from "./ways-to-be-bad.ts";

let count = 0;

/** Faults in what is declared. */
export const capabilitiesFaults = {
  "each operation is there exactly when it is declared": connection(() => ({ setTyping: undefined })),
  "the capability table is JSON, and the same each time": {
    platform: (good) => ({
      ...good,
      capabilities: { ...good.capabilities, inbound: { ...good.capabilities.inbound, windowMs: (count += 1) } },
    }),
  },
  "the numbers of the table can be kept": {
    platform: (good) => ({
      ...good,
      capabilities: { ...good.capabilities, pace: { perChat: { calls: 5, perMs: 1000 }, overall: { calls: 30, perMs: 0 } } },
    }),
  },
  "capabilitiesFor only narrows": connection((good) => ({
    capabilitiesFor(chat) {
      const here = good.capabilitiesFor?.(chat) ?? raise("The good platform narrows its capabilities");
      return chat.type === "dm" ? here : { ...here, edit: { minIntervalMs: 1 } };
    },
  })),
} satisfies Partial<Record<CaseName, Fault>>;
