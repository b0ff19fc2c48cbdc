import { describe, expect, it } from "vitest";
import { ada, deliveries, house, run, untilNewest } from "./ledger-house.ts";
import { serveHome, stop } from "./serve.ts";

describe("A delivery that waits", () => {
  it("can be given up where no gateway runs, and is not shown at the next start", async () => {
    const { api, home } = await house();
    const first = await serveHome(home);
    api.faults.add("sendMessage", { type: "rate-limit", retryAfter: 600 });
    api.say("hello");
    await api.until(() => api.callsOf("sendMessage").length > 0);
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
