import { it } from "vitest";
import { expectFlatHours } from "./flat-hours.ts";

it("After hours of traffic and trouble a gateway holds no more than after the first ones, with its store in memory", async () => {
  await expectFlatHours({});
});
