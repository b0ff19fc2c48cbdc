import type { EventQuery } from "@hermes/protocol";
import { GatewayError } from "../../config/problem.ts";
import { printable } from "../../log/printable.ts";
import { asJson } from "./as-json.ts";
import { askLedger, findEvent } from "./ask.ts";
import { howToGetMore } from "./how-to-get-more.ts";
import { showEvent, showEvents } from "./show-events.ts";
import { showTimeline } from "./show-timeline.ts";
import { currentView } from "./view.ts";

/** How a list is asked for on the command line. */
export interface EventListOptions extends EventQuery {
  readonly json?: true;
}

/** `hermes events list`. */
export async function listEvents({ json, ...query }: EventListOptions): Promise<void> {
  const page = await askLedger(({ client }) => client.call("events.list", query));
  const { verdict, state, platform, limit } = query;
  if (json === true) process.stdout.write(asJson(page));
  else if (page.rows.length === 0) process.stdout.write(`${nothing(query)}\n`);
  else {
    process.stdout.write(showEvents(page, currentView()));
    const filters = Object.entries({ verdict, state, platform, limit }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, String(value)],
    );
    if (page.next !== undefined) process.stdout.write(howToGetMore("events", filters, page.next));
  }
}

function nothing({ after, verdict, state, platform }: EventQuery): string {
  if (after !== undefined) return "There are no more events.";
  return [verdict, state, platform].every((filter) => filter === undefined)
    ? "There are no events."
    : "There are no such events.";
}

/** `hermes events show`. */
export async function showOneEvent(id: string, { json }: { readonly json?: true }): Promise<void> {
  const event = await askLedger(({ client }) => findEvent(client, id));
  process.stdout.write(json === true ? asJson(event) : showEvent(event, currentView()));
}

/** `hermes events replay`. */
export async function replayEvent(id: string): Promise<void> {
  const { outcome, isRunning } = await askLedger(async ({ client, isRunning }) => {
    const { seq } = await findEvent(client, id);
    return { outcome: await client.call("events.replay", { seq }), isRunning };
  });
  if (!outcome.done) throw new GatewayError(outcome.message, { exitCode: 78 });
  const later = isRunning ? "" : " No gateway runs here now: hermes gateway run";
  process.stdout.write(`${printable(outcome.message)}${later}\n`);
}

/** `hermes timeline`. */
export async function showOneTimeline(id: string, { json }: { readonly json?: true }): Promise<void> {
  const timeline = await askLedger(({ client }) => client.call("timeline.show", { id }));
  process.stdout.write(json === true ? asJson(timeline) : showTimeline(timeline, currentView()));
}
