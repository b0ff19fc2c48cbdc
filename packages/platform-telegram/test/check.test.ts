import type { CheckResult } from "@hermes/core";
import { describe, expect, test } from "vitest";
import type { TelegramConfiguration } from "../src/configuration.ts";
import { manifest } from "../src/manifest.ts";
import { startBotApiServer, type BotApiServer } from "./server.ts";

const token = "123456:FAKE-TOKEN-FOR-TESTS";
const never = new AbortController().signal;

/** What the check finds of a server, once `prepare` is done to it. */
async function found(
  prepare: (server: BotApiServer) => void = () => undefined,
  configuration: Partial<TelegramConfiguration> = {},
): Promise<CheckResult | undefined> {
  await using server = await startBotApiServer();
  prepare(server);
  const result = await manifest.check?.({ token, apiRoot: server.apiRoot, ...configuration }, never);
  await server.until(() => server.connections === 0);
  return result;
}

async function summary(...given: Parameters<typeof found>): Promise<string> {
  return (await found(...given))?.summary ?? "";
}

describe("the health check", () => {
  test("says who answers, what the bot sees in groups, and what to do about it", async () => {
    const result = await found();
    expect(result?.ok).toBe(true);
    expect(result?.summary).toMatch(
      /^@hermes_test_bot answers; in groups it sees commands, mentions and replies \(privacy mode is on; \/setprivacy at @BotFather changes that, and after that the bot has to be added to each group again\); it is served by 127\.0\.0\.1:\d+$/u,
    );
    const open = { can_read_all_group_messages: true, has_topics_enabled: true, supports_inline_queries: true };
    const all = await summary((server) => Object.assign(server.bot, open));
    expect(all).toContain("in groups it sees every message; its private chats have topics; inline mode is on, but");
    expect(await summary((server) => Object.assign(server.bot, { can_join_groups: false }))).toContain("/setjoingroups");
  });

  test("says what an older server does not know", async () => {
    const old = await summary((server) => server.missing.add("sendrichmessage").add("sendmessagedraft"));
    expect(old).toContain("knows no rich messages");
    expect(old).toContain("knows no drafts");
    const unasked = await summary((server) => server.missing.add("sendrichmessage"), { richMessages: false });
    expect(unasked).not.toContain("rich messages");
  });

  test("says what waits, and that polling takes a webhook away", async () => {
    const text = await summary((server) => {
      server.webhook.set("https://example.com/hook", "s3cret");
      server.updates.pending.push({ update_id: 1 });
    });
    expect(text).toContain("a webhook is set, which polling will take away; 1 update waits");
  });

  test("says what to do about a wrong token", async () => {
    await using server = await startBotApiServer({ token: "123456:ANOTHER-FAKE-TOKEN" });
    expect(await manifest.check?.({ token, apiRoot: server.apiRoot }, never)).toMatchObject({
      ok: false,
      remedy: expect.stringContaining("@BotFather") as unknown,
    });
  });

  test("says what to do when Telegram is out of reach", async () => {
    const result = await manifest.check?.({ token, apiRoot: "http://127.0.0.1:9" }, never);
    expect(result).toMatchObject({ ok: false, remedy: expect.stringContaining("reaches the Bot API server") as unknown });
    expect(JSON.stringify(result)).not.toContain("FAKE-TOKEN");
  });

  test("notices that nothing can arrive without a webhook, or by one that fails", async () => {
    const hook = { mode: "webhook" as const, webhook: { secret: "s3cret" } };
    expect(await found(undefined, hook)).toMatchObject({ ok: false });
    const url = "https://example.com/";
    expect(await found(undefined, { ...hook, webhook: { secret: "s3cret", url } })).toMatchObject({ ok: true });
    const failing = (server: BotApiServer): void => {
      server.webhook.set(url, "s3cret");
      server.webhook.lastError = "Wrong response from the webhook: 401 Unauthorized";
    };
    const failed = await found(failing, { ...hook, webhook: { secret: "s3cret", url } });
    expect(failed).toMatchObject({ ok: false, summary: expect.stringContaining("401 Unauthorized") as unknown });
    const moving = await found(failing, { ...hook, webhook: { secret: "s3cret", url: "https://elsewhere.example/" } });
    expect(moving).toMatchObject({ ok: true });
  });
});
