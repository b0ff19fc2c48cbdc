import { describe, expect, it } from "vitest";
import type { Hermes } from "./cli/hermes.ts";
import { ada, deliveries, house, run, untilNewest, type House } from "./ledger-house.ts";
import { serveHome, stop } from "./serve.ts";

describe("A delivery that failed", () => {
  const refusal = { type: "error", code: 400, description: "Bad Request: not this time" } as const;

  async function failed(): Promise<House & { readonly replyId: string; readonly hermes: Hermes }> {
    const { api, home } = await house();
    const { hermes } = await serveHome(home);
    api.faults.add("sendMessage", refusal, 2);
    api.say("hello");
    const { replyId } = await untilNewest(home, "failed");
    expect((await deliveries(home, "--troubled")).rows.map((row) => row.replyId)).toEqual([replyId]);
    expect((await run(home, "timeline", replyId)).output).toContain(`hermes deliveries retry ${replyId}`);
    return { api, home, hermes, replyId };
  }

  it("is shown again at once by a gateway that runs", async () => {
    const { api, home, hermes, replyId } = await failed();
    expect(await run(home, "deliveries", "retry", replyId)).toMatchObject({ code: 0, errors: "" });
    await api.until(() => api.texts(ada, "bot").some((text) => text.includes("echo: hello")));
    await untilNewest(home, "sent");
    expect((await run(home, "deliveries", "list", "--troubled")).output).toBe("There are no troubled deliveries.");
    expect(await run(home, "deliveries", "retry", replyId)).toMatchObject({ code: 78, output: "" });
    await stop(hermes);
  });

  it("is shown again at the next start where none runs, and that is said", async () => {
    const { api, home, hermes, replyId } = await failed();
    await stop(hermes);
    const { code, output } = await run(home, "deliveries", "retry", replyId);
    expect([code, output]).toEqual([0, expect.stringContaining("No gateway runs here now: hermes gateway run")]);
    expect(api.texts(ada, "bot").some((text) => text.includes("echo: hello"))).toBe(false);
    const again = await serveHome(home);
    await api.until(() => api.texts(ada, "bot").some((text) => text.includes("echo: hello")));
    await stop(again.hermes);
  });
});

describe("A delivery that waits", () => {
  it("can be given up where no gateway runs, and is not shown at the next start", async () => {
    const { api, home } = await house();
    const first = await serveHome(home);
    api.faults.add("sendMessage", { type: "rate-limit", retryAfter: 600 });
    api.say("hello");
    const { replyId } = await untilNewest(home, "queued");
    await stop(first.hermes);
    expect((await deliveries(home, "--pending")).rows.map((row) => row.replyId)).toEqual([replyId]);
    expect(await run(home, "deliveries", "drop", replyId)).toMatchObject({ code: 0, errors: "" });
    const again = await serveHome(home);
    api.say("and now?");
    await api.until(() => api.texts(ada, "bot").includes("echo: and now?"));
    expect(api.texts(ada, "bot").some((text) => text.includes("echo: hello"))).toBe(false);
    expect((await run(home, "deliveries", "show", replyId)).output).toContain("dropped");
    await stop(again.hermes);
  });
});

describe("An event that is replayed", () => {
  it("is answered once more, at once or at the next start", async () => {
    const { api, home } = await house();
    const first = await serveHome(home);
    api.say("hello");
    const { seq } = await untilNewest(home, "sent");
    expect(await run(home, "events", "replay", String(seq))).toMatchObject({ code: 0, errors: "" });
    await api.until(() => api.texts(ada, "bot").length === 2);
    await stop(first.hermes);
    const later = await run(home, "events", "replay", String(seq));
    expect(later).toMatchObject({ code: 0, output: expect.stringContaining("No gateway runs here now") as unknown });
    const again = await serveHome(home);
    await api.until(() => api.texts(ada, "bot").length === 3);
    expect(new Set(api.texts(ada, "bot"))).toEqual(new Set(["echo: hello"]));
    await stop(again.hermes);
  });
});
