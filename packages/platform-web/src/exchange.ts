import type { ProgressEvent } from "@hermes/core";
import { RpcError, type ChatOutcome, type ChatStep, type RunningAnswer, type RunningStep } from "@hermes/protocol";
import { shorten, withoutClosers, type EventBody } from "./encode.ts";

const maxTitleLength = 300;
const maxSummaryLength = 500;
const maxSteps = 200;
const betweenParts = "\n\n";

/** A whole answer. */
export interface Over {
  readonly text: string;
  readonly outcome: ChatOutcome;
  readonly atMs: number;
}

export interface ExchangeParts {
  readonly messageId: string;
  readonly sessionKey: string;
  /** undefined: nobody knows here what was asked. */
  readonly fingerprint: string | undefined;
  /** All of its answer is said in this process. */
  readonly isWhole: boolean;
  readonly publish: (event: EventBody) => void;
}

/** One message and the answer to it, as it goes on. Before it `began` nothing is told: what is said first is kept back. */
export class Exchange {
  readonly messageId: string;
  readonly sessionKey: string;
  readonly fingerprint: string | undefined;
  isWhole: boolean;
  /** Whether the message was taken; rejects with why not. */
  taken: Promise<void> = Promise.resolve();
  readonly #publish: (event: EventBody) => void;
  readonly #parts: string[] = [];
  readonly #steps: RunningStep[] = [];
  readonly #waiting = new Set<(over: Over | undefined) => void>();
  #early: EventBody[] | undefined = [];
  #over: Over | undefined;

  constructor({ messageId, sessionKey, fingerprint, isWhole, publish }: ExchangeParts) {
    this.messageId = messageId;
    this.sessionKey = sessionKey;
    this.fingerprint = fingerprint;
    this.isWhole = isWhole;
    this.#publish = publish;
  }

  /** It is known what becomes of the message: `first` is told, then whatever was said already. */
  begin(first?: EventBody): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    if (first !== undefined) this.#publish(first);
    for (const event of early) this.#publish(event);
  }

  get hasBegun(): boolean {
    return this.#early === undefined;
  }

  get over(): Over | undefined {
    return this.#over;
  }

  get text(): string {
    return this.#parts.join("");
  }

  get partCount(): number {
    return this.#parts.length;
  }

  /** As far as it is. */
  get running(): RunningAnswer {
    return { message_id: this.messageId, parts: [...this.#parts], steps: [...this.#steps] };
  }

  /** One more part; it counts once it says something. */
  openPart(): AnswerPart {
    return new AnswerPart({
      first: (text) => {
        const lead = this.text === "" ? "" : betweenParts;
        const part = this.#parts.push(lead + text) - 1;
        this.#tell({ type: "chat.delta", message_id: this.messageId, delta: lead + text, part });
        return { part, lead };
      },
      told: (part) => this.#parts[part] ?? "",
      retell: (part, text) => {
        const told = this.#parts[part] ?? "";
        this.#parts[part] = text;
        const place = { message_id: this.messageId, part } as const;
        if (text.startsWith(told)) this.#tell({ type: "chat.delta", ...place, delta: text.slice(told.length) });
        else this.#tell({ type: "chat.part", ...place, text });
      },
      isOver: () => this.#over !== undefined,
    });
  }

  /** What the agent does besides speaking. */
  note(event: ProgressEvent): void {
    if (this.#over !== undefined) return;
    switch (event.type) {
      case "tool-start":
        this.#step({ call_id: event.callId, title: shorten(event.title, maxTitleLength), state: "running" }, this.partCount);
        break;
      case "tool-end":
        this.#endStep(event);
        break;
      case "reasoning-delta":
        if (event.text !== "") this.#tell({ type: "chat.reasoning", message_id: this.messageId, delta: event.text });
        break;
      case "usage":
        break;
    }
  }

  /** Nothing more comes: `over` is told, and whoever waits goes on. */
  end(over: Over): void {
    if (this.#over !== undefined) return;
    const { text, outcome, atMs } = over;
    this.#tell({ type: "chat.done", message_id: this.messageId, outcome, text, timestamp: new Date(atMs).toISOString() });
    this.settle(over);
  }

  /** `end` without telling: it was over before. */
  settle(over: Over): void {
    this.#over ??= over;
    for (const go of this.#waiting) go(this.#over);
    this.#waiting.clear();
    this.#steps.length = 0;
    this.#parts.length = 0;
  }

  /** Whoever waits is told that they wait in vain; the answer is none the less given. */
  abandon(): void {
    for (const go of this.#waiting) go(undefined);
    this.#waiting.clear();
  }

  /**
   * The whole answer, once it is there.
   *
   * @throws RpcError `unavailable` when `signal` is aborted, or the gateway ends, before.
   */
  async whenOver(signal: AbortSignal | undefined): Promise<Over> {
    if (this.#over !== undefined) return this.#over;
    const over = await new Promise<Over | undefined>((resolve) => {
      const leave = (): void => go(undefined);
      const go = (result: Over | undefined): void => {
        this.#waiting.delete(go);
        signal?.removeEventListener("abort", leave);
        resolve(result);
      };
      this.#waiting.add(go);
      if (signal?.aborted === true) leave();
      else signal?.addEventListener("abort", leave);
    });
    if (over !== undefined) return over;
    throw new RpcError("unavailable", "The gateway ends before the answer is there; the message is kept and will be answered");
  }

  #endStep({ callId, outcome, summary }: Extract<ProgressEvent, { type: "tool-end" }>): void {
    const begun = this.#steps.find((step) => step.call_id === callId);
    this.#step(
      {
        call_id: callId,
        title: begun?.title ?? callId,
        state: outcome === "done" ? "done" : "failed",
        ...(summary === undefined ? {} : { summary: shorten(summary, maxSummaryLength) }),
      },
      begun?.after_part ?? this.partCount,
    );
  }

  #step(step: ChatStep, afterPart: number): void {
    const index = this.#steps.findIndex(({ call_id }) => call_id === step.call_id);
    const entry = { ...step, after_part: afterPart };
    if (index === -1) this.#steps.push(entry);
    else this.#steps[index] = entry;
    if (this.#steps.length > maxSteps) this.#steps.shift();
    this.#tell({ type: "chat.step", message_id: this.messageId, after_part: afterPart, step });
  }

  #tell(event: EventBody): void {
    if (this.#early === undefined) this.#publish(event);
    else this.#early.push(event);
  }
}

interface PartHands {
  /** Says the first words of the part: where it stands, and what it begins with behind another one. */
  readonly first: (text: string) => { readonly part: number; readonly lead: string };
  readonly told: (part: number) => string;
  readonly retell: (part: number, text: string) => void;
  readonly isOver: () => boolean;
}

/** One part of an answer: a message that grows, or one that is there at once. */
export class AnswerPart {
  readonly #hands: PartHands;
  #place: { readonly part: number; readonly lead: string } | undefined;

  constructor(hands: PartHands) {
    this.#hands = hands;
  }

  /** It reads so far as `markdown`; what may only close it for now is left out. */
  grow(markdown: string): void {
    const text = withoutClosers(markdown);
    // What was told goes further already: that much is taken back by no more than these closers.
    if (this.#place !== undefined && this.#hands.told(this.#place.part).startsWith(this.#place.lead + text)) return;
    this.show(text);
  }

  /** It reads as `markdown`. */
  show(markdown: string): void {
    if (this.#hands.isOver()) return;
    if (this.#place === undefined) {
      if (markdown !== "") this.#place = this.#hands.first(markdown);
      return;
    }
    const { part, lead } = this.#place;
    const text = markdown === "" ? "" : lead + markdown;
    if (text !== this.#hands.told(part)) this.#hands.retell(part, text);
  }

  /** Its number; that of the next part where it says nothing. */
  get number(): number | undefined {
    return this.#place?.part;
  }
}
