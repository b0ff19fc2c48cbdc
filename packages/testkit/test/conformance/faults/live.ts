import type { ReplyView } from "@hermes/core";
import type { CaseName } from "../../../src/cases.ts";
import { connection, live, type Fault } from "./ways-to-be-bad.ts";

/** Faults in live messages and what else is declared. */
export const liveFaults = {
  "a live message grows, and stays once it is finished": {
    ...connection((good) => ({
      async openLive(...parameters) {
        const live = (await good.openLive?.(...parameters)) ?? null;
        return live === null ? null : { ...live, finish: (view) => live.finish({ ...view, markdown: "It grows" }) };
      },
    })),
    alsoSeenBy: [
      "a live message that may be rewritten shows what it was rewritten to",
      "a live message above its limit is refused as too-long instead of cut",
    ],
  },
  "a live message that may be rewritten shows what it was rewritten to": live((good) => {
    let shown = "";
    const longer = (view: ReplyView): ReplyView => {
      shown = view.markdown.startsWith(shown) ? view.markdown : shown + view.markdown;
      return { ...view, markdown: shown };
    };
    return { update: (view) => good.update(longer(view)), finish: (view) => good.finish(longer(view)) };
  }),
  "a live message above its limit is refused as too-long instead of cut": live((good) => ({
    finish: (view) => good.finish({ ...view, markdown: view.markdown.slice(0, good.maxLength ?? 0) }),
  })),
  "a live message that is given up grows no more": live((good) => ({
    abandon: async () => void (await good.finish({ markdown: "It grows and was given up", steps: [] })),
  })),
} satisfies Partial<Record<CaseName, Fault>>;
