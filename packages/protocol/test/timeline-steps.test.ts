import { timelineSteps, type DeliveryDetails, type EventDetails } from "@hermes/protocol";
import { describe, expect, it } from "vitest";
import { delivery } from "./handlers.ts";

const event: EventDetails = {
  seq: 7,
  platform: "acme",
  eventId: "e7",
  verdict: "run",
  rule: "allowed",
  state: "taken",
  atMs: 900,
  sessionKey: delivery.sessionKey,
  work: "turn",
};
const ref = { platform: "acme", chatId: "1", messageId: "m1" };
const answered: DeliveryDetails = {
  ...delivery,
  details: [
    { index: 0, kind: "text", state: "sent", attempts: 0, refs: [ref], shownAtMs: 1500, marked: false, text: "hello" },
    { index: 1, kind: "text", state: "queued", attempts: 2, failure: "unavailable", refs: [], marked: false, text: "more" },
  ],
};

describe("The steps of a timeline", () => {
  it("go from received over rule, lane and turn to the parts, each with what stands on the platform", () => {
    const steps = timelineSteps({ event, deliveries: [answered] });
    expect(steps.map((step) => [step.kind, step.atMs])).toEqual([
      ["received", 900],
      ["rule", 900],
      ["lane", 900],
      ["turn", 1000],
      ["part", 1500],
      ["ref", 1500],
      ["part", undefined],
    ]);
  });

  it("end at the rule for an event that was refused", () => {
    const { sessionKey: _, work: __, ...refused } = event;
    const steps = timelineSteps({ event: { ...refused, verdict: "refuse", state: "recorded" }, deliveries: [] });
    expect(steps.map(({ kind }) => kind)).toEqual(["received", "rule"]);
  });

  it("begin at the turn for what the gateway said by itself", () => {
    expect(timelineSteps({ deliveries: [answered] })[0]).toMatchObject({ kind: "turn", delivery: { replyId: "turn_1" } });
  });
});
