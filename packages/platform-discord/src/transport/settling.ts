import type { Clock, PlatformHost } from "@hermes/core";
import { z } from "zod";
import type { Api } from "../api.ts";
import { snowflake } from "../decode/channels.ts";
import { interactionTypes } from "../decode/interactions.ts";
import { shorten } from "../encode/shorten.ts";

const handleSchema = z.object({ id: snowflake, token: z.string().min(1), type: z.number() });

type Handle = z.output<typeof handleSchema>;

/** "You must send an initial response within 3 seconds" (Receiving and Responding): by then the runtime has had its chance. */
const patienceMs = 2000;
/** How many are remembered as settled, and how many may wait. */
const memory = 1000;
/** How often an answer is taken back. */
const maxTries = 4;

/** Kinds of answers (Interaction Callback Type). */
const answers = { message: 4, deferredMessage: 5, deferredUpdate: 6, choices: 8 } as const;
/** Shown to nobody but who asked (Message Flags). */
const ephemeral = 64;
const maxNoticeLength = 2000;

export interface SettlingParts {
  readonly api: Pick<Api, "answerInteraction" | "deleteInteractionAnswer">;
  readonly applicationId: string;
  readonly clock: Clock;
  readonly logger: PlatformHost["logger"];
}

/** Sees to it that everything people set off is answered in time, by whom it may be, and once. */
export class Settling {
  readonly #parts: SettlingParts;
  readonly #waiting = new Map<string, { readonly cancel: () => void }>();
  readonly #settled = new Set<string>();
  #isOver = false;
  #isResting = false;

  constructor(parts: SettlingParts) {
    this.#parts = parts;
  }

  /** Something was set off: when nobody settles it in time, it is done here. */
  expect(data: unknown): void {
    const handle = handleSchema.safeParse(data).data;
    if (handle === undefined || this.#isOver || this.#waiting.size >= memory) return;
    this.#isResting = false;
    if (handle.type === interactionTypes.autocomplete || handle.type === interactionTypes.modal) return this.#now(handle);
    const { clock } = this.#parts;
    const cancel = clock.wakeAt(clock.now() + patienceMs, () => {
      this.#waiting.delete(handle.id);
      this.#now(handle);
    });
    this.#forget(handle.id);
    this.#waiting.set(handle.id, { cancel });
  }

  /** The gateway refused the event: nobody else will settle it. */
  refuse(handle: unknown): void {
    const found = handleSchema.safeParse(handle).data;
    if (found !== undefined) this.#now(found);
  }

  /** Ends the waiting, with a notice for the eyes of who asked. A second time does nothing. Throws a `PlatformError`. */
  async settle(given: unknown, notice: string | undefined): Promise<void> {
    const handle = handleSchema.safeParse(given).data;
    if (handle === undefined || this.#settled.has(handle.id)) return;
    this.#remember(handle.id);
    const { api } = this.#parts;
    let isTaken = false;
    try {
      isTaken = await api.answerInteraction(handle.id, handle.token, answerTo(handle, notice));
    } catch (error) {
      // Until time is up whoever waits for it, here or elsewhere, may have more luck.
      this.#settled.delete(handle.id);
      throw error;
    }
    this.#forget(handle.id);
    // What remains is the ordinary answer in the chat: "is thinking" would stand there for 15 minutes.
    if (isTaken && handle.type === interactionTypes.command && textOf(notice) === undefined) await this.#takeBack(handle, 1);
  }

  /** Nobody waits any more, here or later. */
  close(): void {
    this.#isOver = true;
    this.rest();
  }

  /** Nothing is settled by itself any more of what was set off until now. */
  rest(): void {
    this.#isResting = true;
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #now(handle: Handle): void {
    if (this.#isOver) return;
    this.settle(handle, undefined).catch((error: unknown) => {
      this.#parts.logger.debug(error instanceof Error ? error.message : "An interaction could not be answered");
    });
  }

  /** What does not go away at once may go a little later. */
  async #takeBack(handle: Handle, attempt: number): Promise<void> {
    const { api, applicationId, clock, logger } = this.#parts;
    try {
      await api.deleteInteractionAnswer(applicationId, handle.token);
    } catch (error) {
      logger.debug(error instanceof Error ? error.message : "An answer could not be taken back");
      if (attempt >= maxTries || this.#isOver || this.#isResting) return;
      const again = (): void => {
        this.#waiting.delete(handle.id);
        // It never rejects.
        void this.#takeBack(handle, attempt + 1);
      };
      this.#forget(handle.id);
      this.#waiting.set(handle.id, { cancel: clock.wakeAt(clock.now() + patienceMs * attempt, again) });
    }
  }

  #forget(id: string): void {
    this.#waiting.get(id)?.cancel();
    this.#waiting.delete(id);
  }

  #remember(id: string): void {
    this.#settled.add(id);
    const [oldest] = this.#settled;
    if (this.#settled.size > memory && oldest !== undefined) this.#settled.delete(oldest);
  }
}

function textOf(notice: string | undefined): string | undefined {
  const text = notice?.toWellFormed().trim() ?? "";
  return text === "" ? undefined : text;
}

function answerTo({ type }: Handle, notice: string | undefined): object {
  const text = textOf(notice);
  if (type === interactionTypes.autocomplete) return { type: answers.choices, data: { choices: [] } };
  if (text !== undefined) {
    const content = shorten(text, maxNoticeLength);
    return { type: answers.message, data: { content, flags: ephemeral, allowed_mentions: { parse: [] } } };
  }
  if (type === interactionTypes.command) return { type: answers.deferredMessage, data: { flags: ephemeral } };
  return { type: answers.deferredUpdate };
}
