import { hash } from "node:crypto";
import type { Action, ActionEvent, Capabilities, Clock, CommandEvent, Json, PlatformEvent } from "@hermes/core";
import type { Store } from "../store.ts";
import { commandCallIn } from "./registry.ts";
import type { CommandAnswer } from "./command.ts";

/** Where it is remembered what buttons stand for: no platform's name. */
const place = "$buttons";
const keptMs = 24 * 60 * 60_000;
const tokenLength = 22;
const longLabel = 16;
const perRow = 3;

/** What buttons are kept with. */
export interface CommandButtonsParts {
  readonly store: Pick<Store, "readMemory" | "writeMemory">;
  readonly clock: Clock;
}

/** A press that gives a command, as it came. */
export interface CommandPress {
  readonly action: ActionEvent;
  /** The button was offered to somebody else. */
  readonly isForeign: boolean;
  /** What stands where the buttons were. */
  readonly label: string;
  readonly prompt: string;
}

/** Events of a batch, presses of such buttons as the commands they give. */
export interface ReadPresses {
  readonly events: readonly PlatformEvent[];
  /** By the event's id. */
  readonly presses: ReadonlyMap<string, CommandPress>;
}

interface Offer {
  readonly command: string;
  readonly platform: string;
  readonly userId: string;
  readonly label: string;
  readonly prompt: string;
}

/** Buttons that give a command: whoever was offered them gives it by a press, also after a restart, and is admitted as with any other. */
export class CommandButtons {
  readonly #parts: CommandButtonsParts;

  constructor(parts: CommandButtonsParts) {
    this.#parts = parts;
  }

  /** The buttons for an answer; none where the platform has too few or too small ones. */
  async offer(
    to: PlatformEvent,
    { text, choices }: CommandAnswer,
    { actions }: Capabilities,
  ): Promise<readonly (readonly Action[])[]> {
    if (actions === false || actions.maxDataBytes < tokenLength || choices.length === 0) return [];
    const { store, clock } = this.#parts;
    const { platform } = to.chat.ref;
    const offered = choices.slice(0, actions.max).filter(({ label }) => label.trim() !== "");
    const expiresAtMs = clock.now() + keptMs;
    const buttons = await Promise.all(
      offered.map(async ({ label, command }): Promise<Action> => {
        const token = tokenOf(to, command);
        const offer = { command, platform, userId: to.origin.author.id, label, prompt: text.split("\n", 1)[0] ?? "" };
        await store.writeMemory({ platform: place, key: token, value: offer satisfies Offer, expiresAtMs });
        return { label, token };
      }),
    );
    const width = buttons.some(({ label }) => label.length > longLabel) ? 1 : perRow;
    return Array.from({ length: Math.ceil(buttons.length / width) }, (_, row) => buttons.slice(row * width, (row + 1) * width));
  }

  /** undefined where no event is a press of something that `isKnown` elsewhere. */
  read(events: readonly PlatformEvent[], isKnown: (event: ActionEvent) => boolean): Promise<ReadPresses> | undefined {
    const isAsked = (event: PlatformEvent): event is ActionEvent => event.type === "action" && !isKnown(event);
    return events.some(isAsked) ? this.#read(events, isAsked) : undefined;
  }

  async #read(events: readonly PlatformEvent[], isAsked: (event: PlatformEvent) => event is ActionEvent): Promise<ReadPresses> {
    const presses = new Map<string, CommandPress>();
    const meant = await Promise.all(
      events.map(async (event) => {
        const offer = isAsked(event) ? await this.#offerOf(event) : undefined;
        if (offer === undefined || !isAsked(event)) return event;
        const { label, prompt } = offer;
        const isForeign = offer.userId !== event.origin.author.id || offer.platform !== event.chat.ref.platform;
        presses.set(event.eventId, { action: event, isForeign, label, prompt });
        return isForeign ? event : commandOf(event, offer);
      }),
    );
    return { events: meant, presses };
  }

  async #offerOf({ token }: ActionEvent): Promise<Offer | undefined> {
    if (token.length !== tokenLength) return undefined;
    return readOffer(await this.#parts.store.readMemory(place, token, this.#parts.clock.now()));
  }
}

function tokenOf({ chat, eventId }: PlatformEvent, command: string): string {
  return hash("sha256", JSON.stringify([chat.ref.platform, eventId, command]), "base64url").slice(0, tokenLength);
}

function commandOf(event: ActionEvent, { command }: Offer): CommandEvent | ActionEvent {
  const call = commandCallIn(command);
  if (call === undefined) return event;
  const { version, eventId, chat, origin, at } = event;
  return { version, eventId, chat, origin, at, type: "command", name: call.name, arguments: call.arguments };
}

function readOffer(kept: Json | undefined): Offer | undefined {
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return undefined;
  const { command, platform, userId, label, prompt } = kept as Readonly<Record<string, Json>>;
  const texts = [command, platform, userId, label, prompt];
  if (!texts.every((text) => typeof text === "string")) return undefined;
  return { command, platform, userId, label, prompt } as Offer;
}
