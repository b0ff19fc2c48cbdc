import {
  type BurstWindows,
  type Clock,
  type DeleteEvent,
  type EditEvent,
  type MessageEvent,
  type Platform,
  type PlatformEvent,
  type SessionKey,
} from "@hermes/core";
import type { Lanes } from "../lanes.ts";
import type { DrainingNotices } from "../restart/draining-notices.ts";
import type { Questions } from "../turn/questions.ts";
import type { Acknowledgements } from "./acknowledgements.ts";
import { Bursts, type BurstDecision } from "./bursts.ts";
import type { BusyMode } from "./busy-mode.ts";
import type { BusyModes } from "./busy-modes.ts";
import { decideBusy } from "./decide-busy.ts";
import type { WorkingTurn, WorkingTurns } from "./working-turns.ts";

/** A platform hands out what waited for it in several batches, one right after the other. */
const lateWindows: BurstWindows = { windowMs: 2000, splitWindowMs: 2000, splitLength: 0 };

/** What the desk works with. */
export interface BusyDeskParts {
  readonly modes: BusyModes;
  readonly working: WorkingTurns;
  readonly lanes: Lanes;
  readonly acknowledgements: Acknowledgements | undefined;
  readonly platforms: ReadonlyMap<string, Platform>;
  /** By platform, where they differ from what the platform says; false: none. */
  readonly bursts: Readonly<Record<string, BurstWindows | false>>;
  readonly questions: Pick<Questions, "isAsking">;
  readonly draining: Pick<DrainingNotices, "isDraining">;
  readonly clock: Clock;
  readonly isAdmin: (event: PlatformEvent) => boolean;
}

/** How a message came: written just now, as it asks to be treated, or once more by hand. */
export interface Manner {
  readonly wanted?: BusyMode;
  readonly isRepeated: boolean;
  /** It waited while its platform was away, as others do that come now. */
  readonly isLate?: boolean;
}

/** Decides what belongs together before it is stored, and what becomes of a message whose conversation is being answered after. */
export class BusyDesk {
  readonly #parts: BusyDeskParts;
  readonly #bursts = new Bursts();

  constructor(parts: BusyDeskParts) {
    this.#parts = parts;
  }

  /** Before it is stored. `waiting`: messages that wait in its lane already. */
  arrive(event: MessageEvent, sessionKey: SessionKey, manner: Manner, waiting: number): BurstDecision {
    // What is asked to wait for a turn of its own gets one, and where somebody waits for each answer, each message has one.
    if (manner.isRepeated || manner.wanted === "queue" || this.#tellsEnds(event)) {
      this.#bursts.forget(sessionKey);
      return { joins: false };
    }
    const mode = manner.wanted ?? this.#parts.modes.of(sessionKey, event.chat);
    const windows = manner.isLate === true ? lateWindows : this.#windowsOf(event.chat.ref.platform);
    return this.#bursts.arrive({ sessionKey, event, mode, waiting, windows, nowMs: this.#parts.clock.now() });
  }

  /** After it is stored. */
  stored(event: MessageEvent, sessionKey: SessionKey, seq: number, manner: Manner): void {
    const { modes, working, lanes, questions, draining, acknowledgements } = this.#parts;
    const turn = working.of(sessionKey);
    // What is kept for the next process cuts nothing off in this one.
    if (turn === undefined || draining.isDraining) return;
    // Its turn may begin before it is known here that it is stored: it must not cut itself off.
    if (turn.inputs.some(({ eventId }) => eventId === event.eventId)) return;
    const decision = decideBusy({
      mode: manner.wanted ?? modes.of(sessionKey, event.chat),
      mayRule: this.mayRule(event, turn),
      isRepeated: manner.isRepeated,
      isEphemeral: event.origin.lifetime === "request" || event.request !== undefined,
      running: {
        canSteer: turn.canSteer,
        isUninterruptible: turn.guard.isUp,
        isAsking: questions.isAsking(sessionKey),
        isForRequest: turn.inputs.some(({ origin }) => origin.lifetime === "request"),
      },
    });
    if (decision.action === "wait") return;
    if (decision.action === "steer") turn.steering.offer({ kind: "message", seq });
    // Not awaited: it ends in its own time, and its lane goes on then.
    if (decision.action === "interrupt") void lanes.interrupt(sessionKey, "interrupt");
    // Where somebody waits for each answer, they see what waits.
    if (this.#tellsEnds(event)) return;
    acknowledgements?.tell(event, sessionKey, decision, Math.max(0, lanes.waiting(sessionKey) - 1));
  }

  /** What somebody changed of messages that running turns in a chat were given; false if none was. `text`: what is left of them. */
  changed(change: EditEvent | DeleteEvent, text: string): boolean {
    const turns = this.#parts.working.inChat(change.chat);
    return turns.map((turn) => this.#changedIn(turn, change, text)).includes(true);
  }

  #changedIn(turn: WorkingTurn, change: EditEvent | DeleteEvent, text: string): boolean {
    const given = turn.inputs.filter((event) => event.type === "message").filter((event) => isMeant(event, change));
    if (!turn.canSteer) return given.length > 0;
    for (const { text: before, origin, attachments, at } of given) {
      const kind = change.type === "edit" ? "edited" : "deleted";
      turn.steering.offer({ kind: "change", input: { text, author: origin.author, attachments, at, change: { kind, before } } });
    }
    return given.length > 0;
  }

  /** Whether somebody may cut off what runs: who asked for it, and who looks after the gateway. */
  mayRule(event: PlatformEvent, turn: { readonly inputs: readonly PlatformEvent[] }): boolean {
    const { id } = event.origin.author;
    return turn.inputs.some(({ origin }) => origin.author.id === id) || this.#parts.isAdmin(event);
  }

  #tellsEnds({ chat }: MessageEvent): boolean {
    return this.#parts.platforms.get(chat.ref.platform)?.capabilities.answerEnds === true;
  }

  #windowsOf(platform: string): BurstWindows | undefined {
    const { bursts, platforms } = this.#parts;
    const configured = bursts[platform];
    if (configured === false) return undefined;
    return configured ?? platforms.get(platform)?.capabilities.inbound.burst;
  }
}

/** Only its author says what a message says; that it is gone, whoever may remove it there. */
function isMeant({ messageId, origin }: MessageEvent, change: EditEvent | DeleteEvent): boolean {
  if (change.type === "delete") return change.messageIds.includes(messageId);
  return change.messageId === messageId && change.origin.author.id === origin.author.id;
}
