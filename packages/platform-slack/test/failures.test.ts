import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { club, connectApp, failed, options, saying } from "./connected-app.ts";

closeAfterEach();

describe("What Slack answers with", () => {
  test.each([
    ["channel_not_found", { kind: "not-found", what: "chat" }, false],
    ["not_in_channel", { kind: "forbidden" }, false],
    ["is_archived", { kind: "forbidden" }, false],
    ["restricted_action", { kind: "forbidden" }, false],
    ["invalid_auth", { kind: "unauthorized" }, false],
    ["token_revoked", { kind: "unauthorized" }, false],
    ["account_inactive", { kind: "unauthorized" }, false],
    ["msg_too_long", { kind: "too-long" }, false],
    ["msg_blocks_too_long", { kind: "too-long" }, false],
    ["ratelimited", { kind: "rate-limited" }, false],
    ["message_limit_exceeded", { kind: "rate-limited" }, false],
    ["message_not_found", { kind: "not-found", what: "message" }, false],
    ["cant_update_message", { kind: "forbidden" }, false],
    ["edit_window_closed", { kind: "forbidden" }, false],
    ["thread_not_found", { kind: "not-found", what: "thread" }, false],
    ["invalid_blocks", { kind: "invalid" }, false],
    ["an_error_of_tomorrow", { kind: "invalid" }, false],
    ["fatal_error", { kind: "unavailable" }, true],
    ["internal_error", { kind: "unavailable" }, true],
    ["service_unavailable", { kind: "unavailable" }, true],
  ] as const)("%s is told as what it means", async (error, failure, maybeDone) => {
    const { server, connection } = await connectApp();
    server.fail("chat.postMessage", { type: "error", status: 200, body: { ok: false, error } });
    const thrown = await failed(connection.send(club, saying("words of somebody"), options));
    expect([thrown.failure, thrown.maybeDone]).toEqual([failure, maybeDone]);
    expect(thrown.message).toContain("C0CLUB");
    expect(thrown.message).not.toContain("words of somebody");
  });

  test.each([
    [{ type: "error", status: 500, body: "<html>xoxb-secret</html>" }, "unavailable", true],
    [{ type: "error", status: 502, body: { ok: true } }, "unavailable", true],
    [{ type: "error", status: 404, body: "<html></html>" }, "unavailable", false],
    [{ type: "error", status: 413, body: "" }, "too-long", false],
    [{ type: "garbage", body: "<html>xoxb-secret</html>" }, "unavailable", true],
    [{ type: "garbage", body: "[]" }, "unavailable", true],
    [{ type: "cut", afterBytes: 5 }, "unavailable", true],
    [{ type: "drop", when: "before" }, "unavailable", true],
    [{ type: "hang", acted: true }, "unavailable", true],
  ] as const)("%j is told as trouble, without what stands in it", async (fault, kind, maybeDone) => {
    const { server, connection } = await connectApp();
    server.fail("chat.postMessage", fault);
    const thrown = await failed(connection.send(club, saying("x"), options));
    expect([thrown.failure.kind, thrown.maybeDone]).toEqual([kind, maybeDone]);
    expect(thrown.message).not.toMatch(/xoxb|html/u);
    expect(server.base.requestsOf("chat.postMessage")).toHaveLength(1);
  });

  test("a rate limit without a time to wait is one all the same", async () => {
    const { server, connection } = await connectApp();
    server.fail("chat.postMessage", { type: "error", status: 429, body: { ok: false, error: "ratelimited" } });
    expect((await failed(connection.send(club, saying("x"), options))).failure).toEqual({ kind: "rate-limited" });
  });

  test("a scope that is missing is named, with what to do", async () => {
    const { connection } = await connectApp({}, ({ bot }) => void bot.scopes.delete("reactions:write"));
    const [ref] = await connection.send(club, saying("x"), options);
    const thrown = await failed(connection.react?.(ref, "👍", true));
    expect([thrown.failure.kind, thrown.message]).toEqual([
      "forbidden",
      expect.stringContaining("the scope reactions:write: add it under OAuth & Permissions"),
    ]);
  });
});
