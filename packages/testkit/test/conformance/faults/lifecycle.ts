import type { Connection, PlatformHost } from "@hermes/core";
import type { CaseName } from "../../../src/cases.ts";
import { connection, type Fault } from "./ways-to-be-bad.ts";

/** Faults in connecting, listening and ending. */
export const lifecycleFaults = {
  "connect with an aborted signal is refused as aborted": {
    platform: (good) => ({ ...good, connect: (given) => good.connect(given, new AbortController().signal) }),
  },
  "connect that is aborted on its way settles": {
    platform: (good) => ({
      ...good,
      async connect(given, signal) {
        if (signal.aborted) return await good.connect(given, signal);
        const live = await good.connect(given, new AbortController().signal);
        return signal.aborted ? await new Promise<never>(() => undefined) : live;
      },
    }),
  },
  "disconnect may be called twice": connection((good) => {
    let times = 0;
    return {
      async disconnect() {
        times += 1;
        if (times === 2) throw new Error("disconnected already");
        await good.disconnect();
      },
    };
  }),
  "each connect makes a connection of its own": {
    platform: (good) => {
      let live: Promise<Connection> | undefined;
      return { ...good, connect: (given, signal) => (live ??= good.connect(given, signal)) };
    },
  },
  "listen ends once, as requested, and never rejects": connection((good) => ({
    async listen(signal) {
      const wasAborted = signal.aborted;
      const ended = (await good.listen?.(signal)) ?? { reason: "requested" };
      return ended.reason === "lost" || wasAborted ? ended : { reason: "lost", error: new Error("aborted") };
    },
  })),
  "listen with an aborted signal ends as requested": connection((good) => ({
    listen: (signal) => (signal.aborted ? Promise.reject(new Error("aborted")) : (good.listen?.(signal) ?? Promise.reject())),
  })),
  "it reports as often as it promises, also while nothing happens": {
    platform: (good) => ({
      ...good,
      connect(given, signal) {
        const said = new Set<string>();
        const report: PlatformHost["report"] = (state) => {
          if (!said.has(state)) given.report(state);
          said.add(state);
        };
        return good.connect({ ...given, report }, signal);
      },
    }),
  },
  "nothing of it runs after it came back": connection((good, given) => ({
    async disconnect() {
      await good.disconnect();
      setTimeout(() => given.report("up"), 1);
    },
  })),
} satisfies Partial<Record<CaseName, Fault>>;
