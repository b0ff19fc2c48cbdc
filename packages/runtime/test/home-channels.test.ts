import { describe, expect, it } from "vitest";
import { createMemoryStore } from "@hermes/runtime";
import { settle } from "@hermes/runtime/testing";
import { openPostOffice, sayIn, type PostOffice } from "./post-office.ts";

async function stop({ gateway, clock }: PostOffice): Promise<void> {
  const stopped = gateway.stop();
  await clock.advance(10_000);
  await stopped;
}

const admins = { allowAll: true, admins: ["alpha:7"] };
const homes = ({ gateway }: PostOffice) => gateway.homeChannels().map(({ chat, by }) => ({ ...chat.ref, by }));

describe("/sethome", () => {
  it("keeps the chat with its thread, over a restart, and counts more than the configuration", async () => {
    const store = createMemoryStore();
    const delivery = { homeChannels: { alpha: "configured" } };
    const first = await openPostOffice({ access: admins, store, delivery });
    expect(homes(first)).toEqual([{ platform: "alpha", chatId: "configured", by: "configuration" }]);
    await sayIn(first.alpha, { chatId: "g1", threadId: "5", type: "group", name: "Ops" }, "/sethome");
    await first.gateway.idle();
    expect(first.alpha.texts("g1")).toEqual([expect.stringContaining("From now on I tell here")]);
    await stop(first);

    const second = await openPostOffice({ access: admins, store, delivery });
    expect(homes(second)).toEqual([{ platform: "alpha", chatId: "g1", threadId: "5", by: "chat" }]);
    expect(await second.gateway.deliver({ target: "alpha", text: "news" })).toMatchObject([
      { target: "alpha:g1:5", chat: { name: "Ops", type: "group" } },
    ]);
    await stop(second);
  });

  it("off forgets what was chosen, and what the configuration says counts again", async () => {
    const office = await openPostOffice({ access: admins, delivery: { homeChannels: { alpha: "configured:3" } } });
    await sayIn(office.alpha, { type: "dm" }, "/sethome");
    await sayIn(office.alpha, { type: "dm" }, "/sethome OFF");
    await office.gateway.idle();
    expect(office.alpha.texts().at(-1)).toBe("The home channel that the configuration names counts: `configured:3`.");
    expect(homes(office)).toEqual([{ platform: "alpha", chatId: "configured", threadId: "3", by: "configuration" }]);
    await stop(office);
  });

  it("off leaves none where the configuration names none, also after a restart", async () => {
    const store = createMemoryStore();
    const office = await openPostOffice({ access: admins, store });
    for (const text of ["/sethome off", "/sethome", "/sethome off", "/sethome there"])
      await sayIn(office.alpha, { type: "dm" }, text);
    await office.gateway.idle();
    expect(office.alpha.texts()).toEqual([
      "This platform has no home channel.",
      expect.stringContaining("From now on"),
      "This platform has no home channel any more.",
      expect.stringMatching(/^Send \/sethome in the chat/u),
    ]);
    expect(homes(office)).toEqual([]);
    await stop(office);
    const next = await openPostOffice({ access: admins, store });
    expect(homes(next)).toEqual([]);
    await stop(next);
  });

  it("is for those who look after the gateway", async () => {
    const office = await openPostOffice({ access: { allowAll: true, admins: ["alpha:8"] } });
    await sayIn(office.alpha, { type: "dm" }, "/sethome");
    await office.gateway.idle();
    expect(office.alpha.texts()).toEqual(["/sethome is for those who look after this gateway."]);
    expect(homes(office)).toEqual([]);
    await stop(office);
  });
});

describe("/status", () => {
  it("names the home channel to those who look after the gateway, and to nobody else", async () => {
    const office = await openPostOffice({ access: admins });
    await sayIn(office.alpha, { type: "dm" }, "/status");
    await sayIn(office.alpha, { chatId: "g1", type: "dm", name: "Ops" }, "/sethome");
    await sayIn(office.alpha, { chatId: "g1", type: "dm" }, "/status");
    await settle();
    await sayIn(office.alpha, { type: "dm" }, "/status");
    await sayIn(office.beta, { type: "dm" }, "/status");
    await office.gateway.idle();
    const [before, after] = office.alpha.texts();
    expect(before).toMatch(/\nHome channel: none \(\/sethome makes this chat it\)$/u);
    expect(after).toMatch(/\nHome channel: Ops \(`g1`\)$/u);
    expect(office.alpha.texts("g1").at(-1)).toMatch(/\nHome channel: this chat$/u);
    expect(office.beta.texts()).toEqual([expect.not.stringContaining("Home channel")]);
    await stop(office);
  });
});
