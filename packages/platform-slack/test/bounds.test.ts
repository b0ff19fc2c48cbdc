import { SteppingClock } from "@hermes/testkit";
import { expect, test } from "vitest";
import { ResponseAddresses } from "../src/connection/response-addresses.ts";
import { decodeUpdate } from "../src/decode.ts";
import { People } from "../src/people.ts";
import { context, fixture } from "./fixtures.ts";

const address = "https://hooks.slack.com/commands/T0ONE/1/FAKE";
const commandOf = (userId: string) =>
  decodeUpdate(
    {
      kind: "command",
      payload: {
        command: "/status",
        team_id: "T0ONE",
        channel_id: "C0CLUB",
        user_id: userId,
        trigger_id: userId,
        response_url: `${address}/${userId}`,
      },
    },
    context,
  );

test("Addresses to answer commands at are kept of the last five hundred people, and for less than half an hour", () => {
  const clock = new SteppingClock();
  const responses = new ResponseAddresses(clock);
  for (let number = 0; number <= 500; number += 1) for (const event of commandOf(`U${number}`)) responses.note(event);
  expect(responses.take("T0ONE/C0CLUB", "U0")).toBeUndefined();
  expect(responses.take("T0ONE/C0CLUB", "U500")).toBe(`${address}/U500`);
  expect(responses.take("T0ONE/C0ELSE", "U500")).toBeUndefined();
  clock.pass(30 * 60_000);
  expect(responses.take("T0ONE/C0CLUB", "U500")).toBeUndefined();
});

test("A hundred thousand messages of as many people leave the names of the last five thousand", async () => {
  const clock = new SteppingClock();
  const { event: said, ...around } = fixture("direct-message") as { readonly event: object };
  let asked = 0;
  const api = {
    nameOf: async (userId: string) => {
      asked += 1;
      return `Name of ${userId}`;
    },
  };
  const people = new People(clock);
  const workspaces = { byTeam: () => ({ api }) } as unknown as Parameters<People["named"]>[1];
  const named = async (userId: string): Promise<string | undefined> => {
    const events = decodeUpdate({ kind: "event", payload: { ...around, event: { ...said, user: userId } } }, context);
    return (await people.named(events, workspaces))[0]?.origin.author.name;
  };
  for (let number = 0; number < 100_000; number += 1) await named(`U${number}`);
  expect(asked).toBe(100_000);
  expect(await named("U99999")).toBe("Name of U99999");
  expect(await named("U95000")).toBe("Name of U95000");
  expect(asked).toBe(100_000);
  await named("U94999");
  expect(asked).toBe(100_001);
  expect(clock.pending).toBe(0);
});
