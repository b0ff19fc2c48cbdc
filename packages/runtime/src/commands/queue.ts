import type { Command } from "./command.ts";
import { shorten } from "./shorten.ts";

/** What `/queue` asks for. */
export type QueueCall =
  | { readonly kind: "list" }
  | { readonly kind: "drop"; readonly place: number | "all" }
  | { readonly kind: "edit"; readonly place: number; readonly text: string }
  /** The text is a message of its own. */
  | { readonly kind: "add"; readonly text: string };

const dropPattern = /^drop\s+(?<place>\d{1,4}|all)$/iu;
const editPattern = /^edit\s+(?<place>\d{1,4})\s+(?<text>\S[\s\S]*)$/iu;

/** Reads what stands behind `/queue`. */
export function parseQueueCall(given: string): QueueCall {
  if (given === "" || given.toLowerCase() === "list") return { kind: "list" };
  const drop = dropPattern.exec(given)?.groups?.["place"]?.toLowerCase();
  if (drop !== undefined) return { kind: "drop", place: drop === "all" ? "all" : Number(drop) };
  const { place, text } = editPattern.exec(given)?.groups ?? {};
  return place !== undefined && text !== undefined ? { kind: "edit", place: Number(place), text } : { kind: "add", text: given };
}

/** Lists what waits in the conversation, and changes it. With a text it is that text, and never comes here. */
export const queueCommand: Command = {
  name: "queue",
  aliases: ["q"],
  usage: "[text]",
  description: (catalogue) => catalogue.busy.helpQueue,
  async run({ session, arguments: given, catalogue: { busy } }) {
    const call = parseQueueCall(given);
    const waiting = await session.queue.list();
    switch (call.kind) {
      case "add":
      case "list":
        return waiting.length === 0 ? busy.nothingWaits : busy.listed(waiting.map(({ text }) => shorten(text) || busy.noText));
      case "drop": {
        if (call.place === "all") return busy.dropped(await session.dropWaiting());
        const message = waiting[call.place - 1];
        if (message === undefined) return busy.noSuchPlace(`${call.place}`, waiting.length);
        if (!message.isOwn) return busy.notYours;
        return busy.dropped((await session.queue.change(message.seq, undefined)) ? 1 : 0);
      }
      case "edit": {
        const message = waiting[call.place - 1];
        if (message === undefined) return busy.noSuchPlace(`${call.place}`, waiting.length);
        if (!message.isOwn) return busy.notYours;
        const isChanged = await session.queue.change(message.seq, call.text);
        return isChanged ? busy.edited(call.place) : busy.noSuchPlace(`${call.place}`, 0);
      }
    }
  },
};
