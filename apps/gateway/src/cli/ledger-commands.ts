import { eventStates, maxPageRows, verdicts } from "@hermes/protocol";
import { InvalidArgumentError, Option, type Command } from "commander";
import { examples } from "./examples.ts";
import type { DeliveryListOptions } from "./ledger/run-deliveries.ts";
import type { EventListOptions } from "./ledger/run-events.ts";

const whoIsAsked = `
Asks the gateway that serves this home; where none does, looks into its store and starts nothing.`;

/** `hermes deliveries`, `hermes events` and `hermes timeline`: what came in, what became of it and what was said. */
export function addLedgerCommands(program: Command): void {
  addDeliveries(program);
  addEvents(program);
  program
    .command("timeline")
    .argument(
      "<id>",
      "of the event, the delivery or the message on its platform (42/7: message 7 of chat 42), or the event's number",
    )
    .description("show the way of one message: received, rule, lane, turn, parts, and what stands on the platform")
    .addOption(json())
    .addHelpText("after", `${whoIsAsked}\n${examples("hermes timeline 17", "hermes timeline 17 --json | jq .deliveries")}`)
    .action(async (id: string, options: { readonly json?: true }) => {
      const { showOneTimeline } = await import("./ledger/run-events.ts");
      await showOneTimeline(id, options);
    });
}

function addDeliveries(program: Command): void {
  const deliveries = program
    .command("deliveries")
    .description("look at answers on their way to chats, try them again or give them up")
    .addHelpText(
      "after",
      examples("hermes deliveries list --troubled", "hermes deliveries show <id>", "hermes deliveries retry <id>"),
    );
  const list = deliveries
    .command("list")
    .description("list answers and notices, newest first")
    .addOption(new Option("--pending", "only what waits: queued, sending or parked").conflicts("troubled"))
    .addOption(new Option("--troubled", "only what failed or may not have arrived"));
  paged(list)
    .addHelpText(
      "after",
      `${whoIsAsked}\n${examples("hermes deliveries list --troubled", "hermes deliveries list --platform telegram --limit 100")}`,
    )
    .action(async (options: DeliveryListOptions) => {
      const { listDeliveries } = await import("./ledger/run-deliveries.ts");
      await listDeliveries(options);
    });
  deliveries
    .command("show")
    .argument("<id>", "the delivery's id, as the list shows it")
    .description("show one delivery with its parts")
    .addOption(json())
    .addHelpText("after", examples("hermes deliveries show <id>", "hermes deliveries show <id> --json"))
    .action(async (id: string, options: { readonly json?: true }) => {
      const { showOneDelivery } = await import("./ledger/run-deliveries.ts");
      await showOneDelivery(id, options);
    });
  addChange(deliveries, "retry", "show again what failed or may not have arrived (with a mark), and try what waits at once");
  addChange(deliveries, "drop", "give up what is not shown yet");
}

function addChange(deliveries: Command, what: "retry" | "drop", description: string): void {
  deliveries
    .command(what)
    .argument("<id>", "the delivery's id, as the list shows it")
    .description(description)
    .addHelpText(
      "after",
      `
Where no gateway runs, the change is written down and has its effect when one starts.
${examples(`hermes deliveries ${what} <id>`)}`,
    )
    .action(async (id: string) => {
      const { changeDelivery } = await import("./ledger/run-deliveries.ts");
      await changeDelivery(what, id);
    });
}

function addEvents(program: Command): void {
  const events = program
    .command("events")
    .description("look at what came in and what was decided about it, and let it come in once more")
    .addHelpText("after", examples("hermes events list --verdict refuse", "hermes events show 17", "hermes events replay 17"));
  const list = events
    .command("list")
    .description("list what came in, newest first")
    .addOption(new Option("--verdict <verdict>", "only what was decided so").choices(verdicts))
    .addOption(new Option("--state <state>", "only what stands there").choices(eventStates));
  paged(list)
    .addHelpText(
      "after",
      `${whoIsAsked}\n${examples("hermes events list --verdict refuse", "hermes events list --state waiting --platform telegram")}`,
    )
    .action(async (options: EventListOptions) => {
      const { listEvents } = await import("./ledger/run-events.ts");
      await listEvents(options);
    });
  events
    .command("show")
    .argument("<number|id>", "the event's number, or any id of the message")
    .description("show one event with what is kept of it")
    .addOption(json())
    .addHelpText("after", examples("hermes events show 17", "hermes events show 17 --json"))
    .action(async (id: string, options: { readonly json?: true }) => {
      const { showOneEvent } = await import("./ledger/run-events.ts");
      await showOneEvent(id, options);
    });
  events
    .command("replay")
    .argument("<number|id>", "the event's number, or any id of the message")
    .description("let an event come in once more, as if it were new: it is admitted by the rules of now")
    .addHelpText("after", examples("hermes events replay 17"))
    .action(async (id: string) => {
      const { replayEvent } = await import("./ledger/run-events.ts");
      await replayEvent(id);
    });
}

function paged(command: Command): Command {
  return command
    .option("--platform <id>", "only of this platform")
    .addOption(new Option("--limit <n>", `rows, at most ${maxPageRows} (default: 50)`).argParser(parseLimit))
    .addOption(new Option("--after <id>", "go on behind this one, as the end of a list says"))
    .addOption(json());
}

function json(): Option {
  return new Option("--json", "print JSON for scripts");
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d{1,3}$/u.test(text) || limit < 1 || limit > maxPageRows)
    throw new InvalidArgumentError(`It is a whole number from 1 to ${maxPageRows}.`);
  return limit;
}
