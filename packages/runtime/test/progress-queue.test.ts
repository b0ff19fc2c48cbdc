import type { ProgressEvent } from "@hermes/core";
import { expect, it } from "vitest";
import { ProgressQueue } from "../src/outbox/progress-queue.ts";

it("What an agent does while nothing can be shown is told in its order, and not kept without end", () => {
  let stands = false;
  const told: ProgressEvent[] = [];
  const queue = new ProgressQueue(
    () => 1,
    () => stands,
    (event) => told.push(event),
  );
  const thoughtOf = (number: number): ProgressEvent => ({ type: "reasoning-delta", text: `${number}` });
  for (let number = 0; number < 5000; number += 1) queue.add(thoughtOf(number));
  expect(told).toEqual([]);
  stands = true;
  queue.look();
  expect(told).toEqual(Array.from({ length: 1000 }, (_, index) => thoughtOf(4000 + index)));
});
