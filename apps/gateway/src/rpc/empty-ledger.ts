import type { Ledger } from "@hermes/runtime";

/** The ledger of a home in which nothing was ever kept. */
export const emptyLedger: Ledger = {
  listDeliveries: async () => ({ rows: [] }),
  delivery: async () => undefined,
  retryDelivery: async () => nothingThere,
  dropDelivery: async () => nothingThere,
  listEvents: async () => ({ rows: [] }),
  event: async () => undefined,
  replayEvent: async () => nothingThere,
  timeline: async () => undefined,
};

const nothingThere = { kind: "refused", why: "Nothing is kept in this home yet." } as const;
