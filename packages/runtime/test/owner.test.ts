import { describe, expect, it } from "vitest";
import { createMemoryStore } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { startGateway } from "./set-up.ts";

describe("The owner's claim", () => {
  it("makes its first sender the owner, for good", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const first = await startGateway({ access: {}, store, chat });
    expect(await first.gateway.hasOwner()).toBe(false);
    const { code } = first.gateway.openOwnerClaim();
    expect(await chat.says("hello", { userId: "1" })).toBe("refused");
    expect(await chat.says(`/start ${code}`, { userId: "1" })).toBe("stored");
    await first.gateway.idle();
    expect(chat.texts()).toEqual([expect.stringContaining("You are the owner")]);
    expect(await first.gateway.hasOwner()).toBe(true);
    expect(await chat.says("hello", { userId: "1" })).toBe("stored");
    await first.gateway.idle();
    const stopped = first.gateway.stop();
    await first.clock.advance(5000);
    await stopped;

    const second = await startGateway({ access: {}, store, chat, clock: first.clock });
    expect(await chat.says("again", { userId: "1" })).toBe("stored");
    expect(await chat.says("me too", { userId: "2" })).toBe("refused");
    await second.gateway.idle();
    expect(chat.texts().slice(1)).toEqual(["echo: hello", "echo: again"]);
    await second.gateway.stop();
  });

  it("makes nobody else the owner, whoever sends the code after", async () => {
    const { gateway, chat } = await startGateway({ access: {} });
    const { code } = gateway.openOwnerClaim();
    await chat.says(code, { userId: "1" });
    expect(await chat.says(code, { userId: "2", chatId: "c2" })).toBe("refused");
    await gateway.idle();
    expect(await chat.says("hello", { userId: "2", chatId: "c2" })).toBe("refused");
    expect(chat.texts("c2")).toEqual([]);
    await gateway.stop();
  });

  it("cannot be taken in a group, by a bot, or by a sender that can be forged", async () => {
    const { gateway, chat } = await startGateway({ access: {} });
    const { code } = gateway.openOwnerClaim();
    for (const more of [{ type: "group" }, { isBot: true }, { assurance: "asserted" }] as const) {
      expect(await chat.says(code, more)).toBe("refused");
    }
    expect(await chat.says(code)).toBe("stored");
    await gateway.stop();
  });

  it("is not kept in the history or the log", async () => {
    const { gateway, chat, store, log } = await startGateway({ access: {} });
    const { code } = gateway.openOwnerClaim();
    await chat.says(`/start ${code}`);
    await gateway.idle();
    await settle();
    expect(await store.search({ text: code, limit: 5 })).toEqual([]);
    expect(log.join("\n")).not.toContain(code);
    await gateway.stop();
  });
});

describe("A gateway that lets nobody in", () => {
  it("says at its start how to let somebody in", async () => {
    const { gateway, log } = await startGateway({ access: {} });
    expect(log.join("\n")).toMatch(/Nobody is let in.*access\.allow/u);
    await gateway.stop();
  });
});
