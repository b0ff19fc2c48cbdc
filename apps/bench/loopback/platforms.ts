// The platforms' own servers on loopback are their tests', published to nobody: this file and the one beside it are the only ways to them.
import type { Json } from "@hermes/core";
import { runningClock } from "@hermes/testkit";
import type { PlatformBench, PlatformHarness } from "@hermes/testkit/cases";
import { discordHarness } from "../../../packages/platform-discord/test/harness.ts";
import { matrixHarness } from "../../../packages/platform-matrix/test/harness.ts";
import { slackHarness } from "../../../packages/platform-slack/test/harness.ts";
import { botToken, telegramSection } from "../src/processes/gateway.ts";
import { startBotApiServer, type BotApiServer } from "./bot-api.ts";

export { webhookSecret } from "../src/processes/gateway.ts";

const harnesses = {
  discord: discordHarness,
  matrix: matrixHarness,
  slack: slackHarness({ mode: "socket" }),
} as const satisfies Readonly<Record<string, PlatformHarness>>;

export type Kind = keyof typeof harnesses | "telegram";
export const kinds: readonly Kind[] = ["discord", "matrix", "slack", "telegram"];

/** Servers of some platforms. */
export interface Loopbacks extends AsyncDisposable {
  /** What the gateway's configuration says of them. */
  readonly sections: Readonly<Record<string, Json>>;
  /** Always there, configured or not. */
  readonly telegram: BotApiServer;
  /** Resolves when every one of them is listened to. */
  connected(): Promise<void>;
}

export async function openLoopbacks(
  wanted: readonly Kind[],
  { telegram: mode = "polling" }: { readonly telegram?: "polling" | "webhook" } = {},
): Promise<Loopbacks> {
  await using stack = new AsyncDisposableStack();
  const telegram = stack.use(await startBotApiServer({ token: botToken, validate: false }));
  const benches = new Map<Kind, PlatformBench>();
  for (const kind of wanted) {
    if (kind === "telegram") continue;
    const bench = await harnesses[kind].start({ clock: runningClock, doorUrl: "http://127.0.0.1:1/nobody" });
    stack.defer(() => bench.close());
    benches.set(kind, bench);
  }
  const sections = [...benches].map(
    ([kind, { configuration }]) => [kind, { ...(configuration as object), access: { allowAll: true } }] as const,
  );
  const owned = stack.move();
  return {
    sections: {
      ...Object.fromEntries(sections),
      ...(wanted.includes("telegram") ? { telegram: telegramSection({ mode, apiRoot: telegram.apiRoot }) as Json } : {}),
    },
    telegram,
    async connected() {
      if (wanted.includes("telegram")) {
        await telegram.until(() => (mode === "polling" ? telegram.updates.polling : telegram.callsOf("getMe").length > 0));
      }
      await Promise.all([...benches.values()].map(async (bench) => await bench.listening?.()));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
