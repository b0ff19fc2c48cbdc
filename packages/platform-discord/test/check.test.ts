import { describe, expect, test } from "vitest";
import { manifest } from "../src/manifest.ts";
import { closeAfterEach } from "./closing.ts";
import { foundTown, never } from "./town.ts";

closeAfterEach();

async function check(prepare: (town: Awaited<ReturnType<typeof foundTown>>) => void | Promise<void>) {
  const town = await foundTown();
  const { token, apiRoot } = town.server;
  await prepare(town);
  const found = await manifest.check?.({ token, apiRoot }, never);
  expect(JSON.stringify(found)).not.toContain(token);
  return found;
}

describe("The health check", () => {
  test("is content with a bot that may read, and says how to add it to a server", async () => {
    const found = await check(() => undefined);
    expect(found).toMatchObject({ ok: true });
    expect(found?.summary).toMatch(/Hermes answers; it is in 1 server; .*client_id=1001000000000000002/u);
  });

  test("says where to switch on what a bot needs to read messages", async () => {
    const found = await check(({ server }) => {
      server.gateway.mayReadMessages = false;
    });
    expect(found).toMatchObject({ ok: false, remedy: expect.stringContaining("Message Content Intent") as string });
  });

  test("says where a new token is made", async () => {
    const found = await check(({ server }) => {
      server.isRevoked = true;
    });
    expect(found).toMatchObject({ ok: false, remedy: expect.stringContaining("Reset Token") as string });
  });

  test("says when no session may be started any more today", async () => {
    const found = await check(({ server }) => {
      server.gateway.sessionsLeft = 0;
    });
    expect(found).toMatchObject({ ok: false, remedy: expect.stringContaining("60 minutes") as string });
  });

  test("says what to look at when Discord is out of reach", async () => {
    const found = await check(async ({ server }) => server.close());
    expect(found).toMatchObject({ ok: false, remedy: expect.stringContaining("reaches Discord") as string });
  });
});
