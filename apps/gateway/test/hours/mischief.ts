import type { Failure, Platform } from "@hermes/core";
import type { Fault, ScriptedPlatform } from "@hermes/runtime/testing";
import type { Chance } from "./chance.ts";

const failures: readonly Failure[] = [
  { kind: "rate-limited", retryAfterMs: 3000 },
  { kind: "rate-limited", retryAfterMs: 20_000, scope: "bot" },
  { kind: "unavailable" },
  { kind: "unavailable" },
  { kind: "forbidden" },
  { kind: "not-found", what: "chat" },
  { kind: "not-found", what: "message" },
  { kind: "too-long" },
  { kind: "invalid" },
];

/** Makes one platform go wrong: calls, connections, attempts to connect. */
export class Mischief {
  readonly platform: Platform;
  readonly #chat: ScriptedPlatform;
  readonly #chance: Chance;
  #hangs = false;
  /** What has gone wrong, by what it was. */
  readonly counts = new Map<string, number>();

  constructor(chat: ScriptedPlatform, chance: Chance) {
    this.#chat = chat;
    this.#chance = chance;
    this.platform = {
      ...chat.platform,
      connect: (host, signal) => {
        if (!this.#hangs) return chat.platform.connect(host, signal);
        this.#count("connect hangs");
        return new Promise<never>(() => undefined);
      },
    };
  }

  /** One thing that may go wrong. */
  act(): void {
    const chance = this.#chance;
    if (chance.onceIn(10)) this.#fail(this.#fault());
    if (chance.onceIn(200)) this.#lose({ kind: "unavailable" });
    if (chance.onceIn(600)) this.#fail({ on: "connect", failure: { kind: "unavailable" } });
    if (chance.onceIn(1500)) this.#lose({ kind: "conflict" });
    if (chance.onceIn(this.#hangs ? 90 : 1200)) {
      this.#hangs = !this.#hangs;
      if (this.#hangs) this.#lose({ kind: "unavailable" });
    }
  }

  end(): void {
    this.#hangs = false;
    this.#chat.mend();
  }

  #fault(): Fault {
    const on = this.#chance.pick(["send", "send", "edit", "open", "update", "finish"] as const);
    const hangs = (on === "send" || on === "open") && this.#chance.onceIn(10);
    return {
      on,
      failure: this.#chance.pick(failures),
      ...(this.#chance.onceIn(4) ? { acted: true } : {}),
      ...(hangs ? { hangs } : {}),
    };
  }

  #fail(fault: Fault): void {
    this.#count(fault.hangs === true ? `${fault.on} hangs` : `${fault.on} ${fault.failure.kind}`);
    this.#chat.fail(fault);
  }

  #lose(failure: Failure): void {
    this.#count(`lost ${failure.kind}`);
    this.#chat.lose(failure);
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
