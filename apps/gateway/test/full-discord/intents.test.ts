import { expect, it } from "vitest";
import { run } from "../ledger-house.ts";
import { startHermes } from "../cli/hermes.ts";
import { stop } from "../serve.ts";
import { openHouse } from "./house.ts";

const remedy = /Message Content Intent/u;

it("Without the intent to read messages the gateway says what to switch on and where, in its log, its status and the check", async () => {
  const { server, home } = await openHouse();
  server.gateway.mayReadMessages = false;
  const check = await run(home, "platform", "check");
  expect([check.code, check.output]).toEqual([1, expect.stringMatching(remedy)]);
  expect(check.output).toContain(`https://discord.com/developers/applications/${server.applicationId}/bot`);
  const hermes = startHermes(["gateway", "run"], { home });
  await hermes.errorLine(remedy);
  const { output } = await run(home, "gateway", "status");
  expect(output).toMatch(/discord.*fail/iu);
  expect(output).toMatch(remedy);
  await stop(hermes);
  expect(hermes.errors() + output + check.output).not.toContain(server.token);
});
