import { expect, it } from "vitest";
import { deliveries, run } from "./ledger-house.ts";
import { stop } from "./serve.ts";
import { ada, fetchOwn, startTwoBots, told } from "./two-bots.ts";

it("A bot whose way to Telegram is cut is left alone, its operator is told, and once it is mended all that waited is said", async () => {
  const bots = await startTwoBots("supervision: { breaker: { failures: 3 } }\n");
  const { hermes, home, main, work, link } = bots;
  work.say("hello");
  await work.until(() => work.texts(ada, "bot").length === 1);
  // What Telegram has shown the gateway may not have heard of yet.
  while ((await deliveries(home, "--platform", "work")).rows[0]?.state !== "sent");
  await link.cut();
  work.say("are you there?");
  await main.until(() => told(bots).length === 1);
  expect(told(bots)[0]).toMatch(
    /^work is off: 3 attempts in a row have failed\.[^]*in (?:4|5) min[^]*What is to be said there waits\.$/u,
  );
  expect((await run(home, "platform", "list")).output).toMatch(/^work +tripped .* in (?:4|5) min +3 failed in a row; /mu);
  const ready = await fetchOwn(bots, "/readyz");
  expect([ready.status, await ready.json()]).toEqual([
    503,
    expect.objectContaining({ reasons: ["work is left alone after 3 failures in a row"] }),
  ]);
  expect(await (await fetchOwn(bots, "/metrics")).text()).toContain('hermes_platform_breaker_open{platform="work"} 1');
  expect((await run(home, "send", "work:42", "The backup is done.")).code).toBe(75);
  await link.mend();
  expect((await run(home, "platform", "resume", "work")).output).toBe("work is being connected.");
  await work.until(() => work.texts(ada, "bot").length === 3);
  expect([...work.texts(ada, "bot")].toSorted()).toEqual(["The backup is done.", "echo: are you there?", "echo: hello"]);
  expect((await fetchOwn(bots, "/readyz")).status).toBe(200);
  await stop(hermes);
});
