import type { ChatMessage, ChatOutcome, ProtocolEvent, RunningAnswer } from "@hermes/protocol";
import { Answer } from "./answer.ts";
import { joinBlocks, lastKind, type Block, type Layout } from "./blocks.ts";
import { cleanText } from "./clean-stream.ts";
import { wrapSpans, type Span } from "./markdown/spans.ts";
import { quiet, type Style } from "./style.ts";
import { TextFlow } from "./text-flow.ts";

/** Lines of a question that are shown of one that waits. */
const maxWaitingLines = 3;

/** A message, and the answer to it. */
interface Exchange {
  /** What this terminal sends it under; undefined: somebody said it elsewhere. */
  readonly key: string | undefined;
  readonly text: string | undefined;
  messageId: string | undefined;
  isAsked: boolean;
  readonly answer: Answer;
  /** Instead of an answer. */
  readonly note: Span[];
}

/** A message of this terminal whose answer is not over. */
export interface Unanswered {
  readonly key: string;
  readonly text: string;
}

/** What is said in a conversation, in lines: those that are shown for good, and those that may still change. */
export class Transcript {
  readonly #layout: Layout;
  readonly #style: Style;
  #exchanges: Exchange[] = [];
  readonly #seen = new Set<string>();
  /** Answers that were read as a whole: what was on its way meanwhile tells nothing new. */
  readonly #read = new Set<string>();
  /** Shown for good, and not yet taken. */
  readonly #settled: Block[] = [];
  #last: Block["kind"] | undefined;

  constructor(layout: Layout, style: Style) {
    this.#layout = layout;
    this.#style = style;
  }

  /** An answer is on its way, or a message waits for one. */
  get isBusy(): boolean {
    return this.#exchanges.some(({ answer }) => !answer.isOver);
  }

  /** Nothing was said yet. */
  get isEmpty(): boolean {
    return this.#last === undefined;
  }

  get isThinking(): boolean {
    return this.#exchanges[0]?.answer.isThinking === true;
  }

  get unanswered(): readonly Unanswered[] {
    return this.#exchanges.flatMap(({ key, text, answer }) =>
      key === undefined || text === undefined || answer.isOver ? [] : [{ key, text }],
    );
  }

  /** Something is said in this terminal. */
  say(key: string, text: string): void {
    this.#add({ key, text, messageId: undefined });
  }

  /** The gateway took what was said under a key. */
  taken(key: string, messageId: string): void {
    const own = this.#exchanges.find((exchange) => exchange.key === key);
    if (own === undefined) return;
    own.messageId = messageId;
    this.#seen.add(messageId);
  }

  /** The gateway did not take it. */
  refused(key: string, why: string): void {
    const own = this.#exchanges.find((exchange) => exchange.key === key);
    own?.note.push({ text: why, marks: ["dim"] });
    own?.answer.finish("dropped", "");
  }

  apply(event: ProtocolEvent): void {
    if (event.type === "session.changed") return;
    if (event.type === "chat.notice") {
      this.#seen.add(event.message_id);
      return this.#notice(event.text);
    }
    if (this.#isTold(event)) return;
    const known = this.#exchanges.find(({ messageId }) => messageId === event.message_id);
    // Told once more, for whoever may not have heard it.
    if (known === undefined && event.type === "chat.done" && this.#seen.has(event.message_id)) return;
    this.#seen.add(event.message_id);
    if (event.type === "chat.message") {
      if (known === undefined) this.#add({ key: undefined, text: event.text, messageId: event.message_id });
      return;
    }
    const { answer } = known ?? this.#add({ key: undefined, text: undefined, messageId: event.message_id });
    if (answer.isOver) return;
    switch (event.type) {
      case "chat.delta":
        return answer.append(event.part, event.delta);
      case "chat.part":
        return answer.rewrite(event.part, event.text);
      case "chat.step":
        return answer.step(event.step, event.after_part);
      case "chat.reasoning":
        return answer.think();
      case "chat.done":
        answer.finish(event.outcome, event.text);
        // Now: what is told next stands behind it.
        return this.#settle();
      default:
        return undefined;
    }
  }

  /** What was said before this terminal came. */
  recall(messages: readonly ChatMessage[]): void {
    for (const message of messages) this.#seen.add(message.message_id);
    this.#settled.push(...messages.flatMap((message) => this.#recalled(message)));
  }

  /** Another process tells from here on: its answers as they are, and what was said while nobody listened. */
  resume(running: readonly RunningAnswer[], history: readonly ChatMessage[]): void {
    for (const { answer } of this.#exchanges) answer.retell();
    const isSeen = ({ message_id }: ChatMessage): boolean => this.#seen.has(message_id.replace(/~\d+$/u, ""));
    const missed = history.slice(history.findLastIndex(isSeen) + 1);
    for (const message of missed) this.#missed(message, missed);
    for (const { message_id, parts, steps } of running) {
      const known = this.#exchanges.find(({ messageId }) => messageId === message_id);
      const { answer } = known ?? this.#add({ key: undefined, text: undefined, messageId: message_id });
      this.#seen.add(message_id);
      for (const { after_part, ...step } of steps) answer.step(step, after_part);
      for (const [part, text] of parts.entries()) answer.rewrite(part, text);
    }
  }

  /** Lines that are shown for good, since it was last asked. */
  take(): readonly string[] {
    this.#settle();
    const blocks = this.#settled.splice(0);
    const lines = joinBlocks(this.#last, blocks);
    this.#last = lastKind(this.#last, blocks);
    return lines;
  }

  /** Lines behind them, for now. */
  open(spinner: string): readonly string[] {
    const [front, ...behind] = this.#exchanges;
    const blocks = [
      ...(front?.answer.open(spinner) ?? []),
      ...behind.flatMap((exchange) => [...this.#waiting(exchange), ...exchange.answer.open(spinner)]),
    ];
    return joinBlocks(this.#last, blocks);
  }

  /** Whoever was heard first goes on until they are done; what is over meanwhile (an answer to their question, a command) goes between. */
  #settle(): void {
    for (let front = this.#exchanges[0]; front !== undefined; front = this.#exchanges[0]) {
      this.#ask(front);
      const between = front.answer.isOver ? [] : this.#exchanges.filter(({ answer }) => answer.isOver);
      if (between.length > 0) front.answer.interrupt();
      this.#settled.push(...front.answer.take());
      for (const exchange of between) {
        this.#ask(exchange);
        this.#settled.push(...exchange.answer.take());
        this.#noteEnd(exchange);
      }
      this.#exchanges = this.#exchanges.filter((exchange) => !between.includes(exchange));
      if (!front.answer.isOver) return;
      this.#noteEnd(front);
      this.#exchanges.shift();
    }
  }

  #ask(exchange: Exchange): void {
    if (exchange.isAsked) return;
    exchange.isAsked = true;
    if (exchange.text !== undefined) this.#settled.push({ kind: "apart", lines: this.#questionLines(exchange, exchange.text) });
  }

  #noteEnd({ note, answer }: Exchange): void {
    const words = note.length > 0 ? note : outcomeWords(answer.outcome);
    if (words.length === 0) return;
    const lines = words.flatMap((word) => wrapSpans([word], this.#layout.columns(), this.#style));
    this.#settled.push({ kind: "apart", lines: lines.map(({ text }) => text) });
  }

  #notice(text: string): void {
    const exchange = this.#add({ key: undefined, text: undefined, messageId: undefined });
    exchange.note.push({ text: `▪ ${cleanText(text)}`, marks: ["note"] });
    exchange.answer.finish("finished", "");
  }

  #missed(message: ChatMessage, all: readonly ChatMessage[]): void {
    this.#seen.add(message.message_id);
    if (message.role === "notice") return this.#notice(message.text);
    if (message.role === "assistant") return;
    const { message_id, text, state } = message;
    const { answer } = this.#add({ key: undefined, text, messageId: message_id });
    if (state === "waiting" || state === "running") return;
    const answered = all.find((other) => other.role === "assistant" && other.message_id === message_id);
    this.#read.add(message_id);
    answer.finish(state ?? "finished", answered?.text ?? "");
  }

  #isTold(event: Exclude<ProtocolEvent, { readonly type: "session.changed" }>): boolean {
    if (!this.#read.has(event.message_id)) return false;
    if (event.type === "chat.done") this.#read.delete(event.message_id);
    return true;
  }

  #recalled({ role, text }: ChatMessage): readonly Block[] {
    if (role === "user")
      return [{ kind: "apart", lines: questionLines(cleanText(text), "› ", this.#layout.columns(), this.#quiet) }];
    const flow = new TextFlow(this.#layout, this.#quiet);
    return [...flow.push(cleanText(text)), ...flow.end()];
  }

  get #quiet(): Style {
    return this.#style.keepsMarkers ? this.#style : quiet;
  }

  #questionLines({ key }: Exchange, text: string): readonly string[] {
    return questionLines(cleanText(text), key === undefined ? "» " : "› ", this.#layout.columns(), this.#style);
  }

  #waiting(exchange: Exchange): readonly Block[] {
    if (exchange.text === undefined) return [];
    const lines = this.#questionLines(exchange, exchange.text);
    const more = lines.length > maxWaitingLines ? [this.#style.paint("  …", ["dim"])] : [];
    return [{ kind: "apart", lines: [...lines.slice(0, maxWaitingLines), ...more] }];
  }

  #add(facts: Pick<Exchange, "key" | "text" | "messageId">): Exchange {
    const exchange: Exchange = { ...facts, isAsked: false, answer: new Answer(this.#layout, this.#style), note: [] };
    this.#exchanges.push(exchange);
    return exchange;
  }
}

/** What somebody said, behind a mark of its own. */
function questionLines(text: string, mark: string, columns: number, style: Style): readonly string[] {
  return wrapSpans([{ text: text.trimEnd(), marks: [] }], Math.max(10, columns - 2), style).map(
    (line, index) => `${index === 0 ? style.paint(mark, ["prompt"]) : "  "}${line.text}`,
  );
}

function outcomeWords(outcome: ChatOutcome | undefined): readonly Span[] {
  const words = outcomeText(outcome);
  return words === undefined ? [] : [{ text: words, marks: ["dim"] }];
}

function outcomeText(outcome: ChatOutcome | undefined): string | undefined {
  switch (outcome) {
    case "interrupted":
      return "(interrupted)";
    case "failed":
      return "(the agent failed; /retry lets it try again)";
    case "dropped":
      return "(dropped before it was answered)";
    case "finished":
    case undefined:
      return undefined;
  }
}
