import { describe, expect, test } from "vitest";
import { manifest } from "../src/manifest.ts";
import { closeAfterEach, closing } from "./closing.ts";
import { startSlackServer, type SlackServer } from "./server.ts";

closeAfterEach();

async function checked(prepare: (server: SlackServer) => void = () => undefined, more: object = {}) {
  const server = await startSlackServer();
  closing.push(() => server.close());
  prepare(server);
  const { botToken: token, appToken, apiRoot } = server;
  const given = await manifest.configuration["~standard"].validate({ token, appToken, apiRoot, ...more });
  if (!("value" in given)) return expect.unreachable("the configuration is refused");
  const result = await manifest.check?.(given.value, new AbortController().signal);
  expect(JSON.stringify(result)).not.toMatch(/FAKETOKEN|fakeapptoken/u);
  return result;
}

describe("The health check", () => {
  test("says where the bot answers, how events come, and what it may not do", async () => {
    const found = await checked(({ bot }) => {
      for (const scope of ["app_mentions:read", "im:history", "commands"]) bot.scopes.add(scope);
      bot.scopes.delete("files:write");
    });
    expect(found).toMatchObject({ ok: true });
    expect(found?.summary).toMatch(
      /^@hermes in Analytical Society answers, but it cannot .*send files.*; events come by Socket Mode$/u,
    );
  });

  test("says which scopes nobody would be heard without", async () => {
    const found = await checked(({ bot }) => void bot.scopes.delete("chat:write"));
    expect(found).toMatchObject({
      ok: false,
      summary: expect.stringContaining("chat:write") as string,
      remedy: expect.stringContaining("OAuth & Permissions") as string,
    });
  });

  test("says which of several tokens is refused", async () => {
    const tokens = ["xoxb-1111-2222-FAKETOKENFORTESTS", "xoxb-1111-2222-FAKETOKENOFNOBODY"];
    const found = await checked(undefined, { token: undefined, tokens });
    expect(found).toMatchObject({ ok: false, summary: expect.stringContaining("Bot token 2 of 2") as string });
  });

  test("says what to do about an app token that opens no socket", async () => {
    const found = await checked((server) => void (server.isAppTokenRevoked = true));
    expect(found).toMatchObject({ ok: false, remedy: expect.stringContaining("connections:write") as string });
  });

  test("says so when Slack is out of reach", async () => {
    const found = await checked(undefined, { apiRoot: "http://127.0.0.1:9/api" });
    expect(found).toMatchObject({ ok: false, remedy: expect.stringContaining("reaches Slack") as string });
  });
});
