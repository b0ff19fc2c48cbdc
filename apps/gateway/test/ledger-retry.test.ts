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
