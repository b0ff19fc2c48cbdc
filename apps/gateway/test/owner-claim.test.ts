import type { GatewayStatus, PlatformState } from "@hermes/runtime";
import type { Clock, Platform } from "@hermes/core";
import { describe, expect, it } from "vitest";
import type { LoadedPlatform } from "../src/load-platforms.ts";
import { offerOwnerClaim } from "../src/owner-claim.ts";
import { acme } from "./config/acme-manifest.ts";

interface Offer {
  readonly shown: string[];
  condition: PlatformState;
  claims: number;
  tick(): void;
}

async function offering(options: {
  readonly hasOwner?: boolean;
  readonly claims?: LoadedPlatform["platform"]["claims"];
  readonly link?: string;
}): Promise<Offer> {
  let wake: (() => void) | undefined;
  const clock: Clock = {
    now: () => 0,
    wakeAt(_atMs, callback) {
      wake = callback;
      return () => (wake = undefined);
    },
  };
  const tick = (): void => {
    const run = wake;
    wake = undefined;
    run?.();
  };
  const platform: Platform = {
    apiVersion: 1,
    id: "acme",
    kind: "acme",
    claims: options.claims ?? [{ scope: "acme", fingerprint: "1" }],
    capabilities: acme.capabilities,
    measure: (text) => text.length,
    connect: () => Promise.reject(new Error("not here")),
  };
  const manifest =
    options.link === undefined
      ? acme
      : { ...acme, claimLink: (_identity: unknown, code: string) => `${options.link}?start=${code}` };
  const offer: Offer = { shown: [], condition: { state: "connecting", attempt: 1 }, claims: 0, tick };
  const status = (): GatewayStatus => ({
    phase: "running",
    platforms: [
      {
        id: "acme",
        kind: "acme",
        sinceMs: 0,
        condition: offer.condition,
        identity: { id: "1", name: "@acme_bot" },
        admission: { taken: 0, refused: 0 },
        delivery: { sent: 0, failed: 0 },
      },
    ],
    runningTurns: 0,
    busyLanes: 0,
    undecodable: 0,
    storeWritable: true,
  });
  const gateway = {
    status,
    hasOwner: async () => options.hasOwner ?? false,
    openOwnerClaim() {
      offer.claims += 1;
      return { code: "CODE234567", expiresAtMs: 600_000 };
    },
  };
  await offerOwnerClaim({
    gateway,
    platforms: [{ platform, manifest, allowAll: false, restartNotice: true }],
    clock,
    show: (line) => void offer.shown.push(line),
  });
  return offer;
}

describe("offerOwnerClaim", () => {
  it("shows a link once the bot is up, and opens the claim no earlier", async () => {
    const offer = await offering({ link: "https://example.com/acme_bot" });
    offer.tick();
    expect([offer.shown, offer.claims]).toEqual([[], 0]);
    offer.condition = { state: "up", transport: "up" };
    offer.tick();
    offer.tick();
    expect(offer.shown).toEqual([
      "This gateway has no owner yet. To become it, open https://example.com/acme_bot?start=CODE234567 and press Start within 10 minutes, on Acme.",
    ]);
  });

  it("shows the code where the platform has no such links", async () => {
    const offer = await offering({});
    offer.condition = { state: "up", transport: "up" };
    offer.tick();
    expect(offer.shown).toEqual([expect.stringContaining("send CODE234567 to @acme_bot in a direct message within 10 minutes")]);
  });

  it("offers nothing when there is an owner, or no bot that could be claimed", async () => {
    for (const options of [{ hasOwner: true }, { claims: [] }]) {
      const offer = await offering(options);
      offer.condition = { state: "up", transport: "up" };
      offer.tick();
      expect([offer.shown, offer.claims]).toEqual([[], 0]);
    }
  });
});
