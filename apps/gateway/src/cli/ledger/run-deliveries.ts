import type { DeliveryQuery } from "@hermes/protocol";
import { GatewayError } from "../../config/problem.ts";
import { printable } from "../../log/printable.ts";
import { asJson } from "./as-json.ts";
import { askLedger } from "./ask.ts";
import { howToGetMore } from "./how-to-get-more.ts";
import { showDeliveries, showDelivery } from "./show-deliveries.ts";
import { currentView } from "./view.ts";

/** How a list is asked for on the command line. */
export interface DeliveryListOptions {
  readonly pending?: true;
  readonly troubled?: true;
  readonly platform?: string;
  readonly limit?: number;
  readonly after?: string;
  readonly json?: true;
}

/** `hermes deliveries list`. */
export async function listDeliveries({ pending, troubled, json, ...rest }: DeliveryListOptions): Promise<void> {
  const state = pending === true ? "pending" : troubled === true ? "troubled" : undefined;
  const query: DeliveryQuery = { ...rest, ...(state === undefined ? {} : { state }) };
  const page = await askLedger(({ client }) => client.call("deliveries.list", query));
  if (json === true) process.stdout.write(asJson(page));
  else if (page.rows.length === 0) process.stdout.write(`${nothing(rest.after, state)}\n`);
  else {
    process.stdout.write(showDeliveries(page, currentView()));
    const filters = [
      ...(state === undefined ? [] : [`--${state}`]),
      ...(rest.platform === undefined ? [] : ["--platform", rest.platform]),
      ...(rest.limit === undefined ? [] : ["--limit", String(rest.limit)]),
    ];
    if (page.next !== undefined) process.stdout.write(howToGetMore("deliveries", filters, page.next));
  }
}

function nothing(after: string | undefined, state: string | undefined): string {
  if (after !== undefined) return "There are no more deliveries.";
  return state === undefined ? "There are no deliveries." : `There are no ${state} deliveries.`;
}

/** `hermes deliveries show`. */
export async function showOneDelivery(replyId: string, { json }: { readonly json?: true }): Promise<void> {
  const delivery = await askLedger(({ client }) => client.call("deliveries.show", { replyId }));
  process.stdout.write(json === true ? asJson(delivery) : showDelivery(delivery, currentView()));
}

/** `hermes deliveries retry` and `hermes deliveries drop`. */
export async function changeDelivery(what: "retry" | "drop", replyId: string): Promise<void> {
  const { outcome, isRunning } = await askLedger(async ({ client, isRunning }) => ({
    outcome: await client.call(what === "retry" ? "deliveries.retry" : "deliveries.drop", { replyId }),
    isRunning,
  }));
  if (!outcome.done) throw new GatewayError(outcome.message, { exitCode: 78 });
  const later = what === "drop" || isRunning ? "" : " No gateway runs here now: hermes gateway run";
  process.stdout.write(`${printable(outcome.message)}${later}\n`);
}
