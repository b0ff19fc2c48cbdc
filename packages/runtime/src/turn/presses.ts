import type { ActionEvent, CommandEvent, Logger, PlatformEvent } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CommandPress } from "../commands/command-buttons.ts";
import type { Connections } from "../connections.ts";
import type { Press } from "./questions.ts";

/** What presses are answered with. */
export interface PressesParts {
  readonly connections: Connections;
  readonly catalogue: Catalogue;
  readonly logger: Logger;
}

/** Tells whoever pressed a button what came of it, and takes buttons away that are of no use any more. Nothing waits for it. */
export class Presses {
  readonly #parts: PressesParts;

  constructor(parts: PressesParts) {
    this.#parts = parts;
  }

  /** A native command has arrived: its platform need not wait for what comes of it. */
  settleCommand(event: PlatformEvent): void {
    if (event.type === "command" && event.interaction !== undefined) this.#settle(event, {});
  }

  /** A button that gave a command. */
  settleChoice({ action, isForeign, label, prompt }: CommandPress): void {
    if (isForeign) return this.#settle(action, { notice: this.#parts.catalogue.buttons.notYours });
    this.#settle(action, {});
    this.#close(action, prompt, label);
  }

  settle(event: ActionEvent, press: Press): void {
    const { buttons } = this.#parts.catalogue;
    switch (press.kind) {
      case "answered":
        this.#settle(event, {});
        this.#closeButtons(event, press);
        return;
      case "over":
        return this.#settle(event, { notice: buttons.over });
      case "not-yours":
        return this.#settle(event, { notice: buttons.notYours });
    }
  }

  #settle(event: ActionEvent | CommandEvent, outcome: { readonly notice?: string }): void {
    const { platform } = event.chat.ref;
    this.#attempt(platform, async () => await this.#parts.connections.get(platform)?.settleAction?.(event, outcome));
  }

  /** What was chosen stands where the buttons were. */
  #closeButtons(event: ActionEvent, { question: { question }, optionId }: Extract<Press, { kind: "answered" }>): void {
    this.#close(event, question.prompt, question.options?.find(({ id }) => id === optionId)?.label ?? optionId);
  }

  #close(event: ActionEvent, prompt: string, label: string): void {
    const { ref } = event.chat;
    const { messageId } = event;
    if (messageId === undefined) return;
    const texts = [`${prompt}\n\n${this.#parts.catalogue.buttons.chosen(label)}`];
    const options = { signal: AbortSignal.timeout(closeTimeoutMs), idempotencyKey: `press:${event.eventId}`, mentions: [] };
    this.#attempt(
      ref.platform,
      async () =>
        await this.#parts.connections
          .get(ref.platform)
          ?.edit?.({ ...ref, messageId }, { texts, files: [], actions: [] }, options),
    );
  }

  #attempt(platform: string, act: () => Promise<void>): void {
    // Whoever pressed sees the answer in any case: this only makes it prettier.
    act().catch((error: unknown) => {
      this.#parts.logger.debug(
        `[${platform}] A press could not be told what came of it: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }
}

const closeTimeoutMs = 30_000;
