import type { ChatOutcome, ChatStep } from "@hermes/protocol";
import type { Block, Layout } from "./blocks.ts";
import { CleanStream, cleanText } from "./clean-stream.ts";
import { renderStep } from "./render-step.ts";
import { remainderBehind, isRetold } from "./retelling.ts";
import type { Style } from "./style.ts";
import { TextFlow } from "./text-flow.ts";

/** Steps behind a text that keep it open no longer: what belongs to it has come by then. */
const stepsThatClose = 3;

interface TextItem {
  readonly type: "text";
  readonly part: number;
  flow: TextFlow;
  clean: CleanStream;
  /** Rendered for good, and not yet taken. */
  ready: readonly Block[];
  isEnded: boolean;
}

interface StepItem {
  readonly type: "step";
  readonly afterPart: number;
  step: ChatStep;
}

/** An answer as it is told, part by part; what of it can be shown for good, and how far the rest is. */
export class Answer {
  readonly #layout: Layout;
  readonly #style: Style;
  /** Each part as it was told, without the line ends it begins with. */
  readonly #parts: string[] = [];
  readonly #items: (TextItem | StepItem)[] = [];
  /** Items before this one are taken as a whole. */
  #taken = 0;
  /** A gateway that was started anew tells parts under numbers of its own. */
  #retold: { readonly known: number; readonly parts: string[]; readonly places: number[] } | undefined;
  #outcome: ChatOutcome | undefined;
  #isThinking = false;

  constructor(layout: Layout, style: Style) {
    this.#layout = layout;
    this.#style = style;
  }

  get isOver(): boolean {
    return this.#outcome !== undefined;
  }

  /** How it ended; undefined: it is not over. */
  get outcome(): ChatOutcome | undefined {
    return this.#outcome;
  }

  get isThinking(): boolean {
    return this.#isThinking;
  }

  /** Anything was told of it. */
  get hasBegun(): boolean {
    return this.#items.length > 0 || this.#isThinking || this.isOver;
  }

  think(): void {
    this.#isThinking = true;
  }

  /** More of a part. */
  append(part: number, delta: string): void {
    this.#tell(part, (this.#retold === undefined ? (this.#parts[part] ?? "") : (this.#retold.parts[part] ?? "")) + delta);
  }

  /** A part as it reads now. */
  rewrite(part: number, text: string): void {
    this.#tell(part, text);
  }

  step(step: ChatStep, afterPart: number): void {
    this.#isThinking = false;
    const index = this.#items.findIndex((item) => item.type === "step" && item.step.call_id === step.call_id);
    const known = this.#items[index];
    if (known === undefined) this.#insert({ type: "step", afterPart, step });
    else if (known.type === "step" && index >= this.#taken) known.step = step;
  }

  /** Whoever tells it is another process now: parts are numbered anew, and may be told again. */
  retell(): void {
    this.#retold = { known: this.#parts.length, parts: [], places: [] };
  }

  /** It is over, and this is all of it. */
  finish(outcome: ChatOutcome, text: string): void {
    const told = this.#parts.join("\n\n");
    const rest = remainderBehind(told, text);
    if (rest === undefined) {
      if (!isRetold(told, text)) this.#addPart(this.#parts.length, text);
    } else if (rest.trim() !== "") this.#addRest(rest);
    this.#isThinking = false;
    this.#outcome = outcome;
  }

  /** What can be shown for good since it was last asked. */
  take(): readonly Block[] {
    const blocks: Block[] = [];
    for (let item = this.#items[this.#taken]; item !== undefined; item = this.#items[this.#taken]) {
      if (item.type === "step") {
        if (item.step.state === "running" && !this.isOver) break;
        blocks.push(renderStep(item.step, this.#layout.columns(), this.#style));
      } else {
        if (this.#isClosed(this.#taken)) this.#end(item);
        blocks.push(...item.ready);
        item.ready = [];
        if (!item.isEnded) break;
      }
      this.#taken += 1;
    }
    return blocks;
  }

  /** What stands behind it, for now. */
  open(spinner: string): readonly Block[] {
    return this.#items
      .slice(this.#taken)
      .flatMap((item) =>
        item.type === "step"
          ? [renderStep(item.step, this.#layout.columns(), this.#style, spinner)]
          : [...item.ready, ...(item.isEnded ? [] : item.flow.open())],
      );
  }

  /** Something else is about to be said: what is told of this stays above it. */
  interrupt(): void {
    for (const item of this.#items.slice(this.#taken)) if (item.type === "text") this.#end(item);
  }

  #tell(part: number, text: string): void {
    this.#isThinking = false;
    const told = this.#retold;
    if (told === undefined) return this.#setPart(part, text.replace(/^\n+/u, ""));
    told.parts[part] = text;
    const shown = text.replace(/^\n+/u, "");
    const isRelated = (place: number): boolean => {
      const known = this.#parts[place];
      return known !== undefined && (known.startsWith(shown) || shown.startsWith(known));
    };
    let place = told.places[part];
    if (place === undefined || !isRelated(place)) {
      const found = this.#parts.findIndex((_, each) => each < told.known && !told.places.includes(each) && isRelated(each));
      place = found === -1 ? this.#parts.length : found;
    }
    told.places[part] = place;
    if (!(this.#parts[place] ?? "").startsWith(shown)) this.#setPart(place, shown);
  }

  #setPart(part: number, text: string): void {
    const before = this.#parts[part] ?? "";
    if (text === before) return;
    for (let missing = this.#parts.length; missing < part; missing += 1) this.#parts[missing] = "";
    this.#parts[part] = text;
    const index = this.#items.findLastIndex((item) => item.type === "text" && item.part === part);
    const item = this.#items[index];
    if (item?.type !== "text") return this.#addText(part, text);
    if (text.startsWith(before)) {
      const more = text.slice(before.length);
      if (item.isEnded) this.#items.push(this.#newText(part, more));
      else item.ready = [...item.ready, ...item.flow.push(item.clean.push(more))];
    } else this.#rewriteItem(item, text);
  }

  /** What is shown for good cannot be taken back: where it reads differently, all of it is told once more. */
  #rewriteItem(item: TextItem, text: string): void {
    const clean = cleanText(text);
    const { settledText } = item.flow;
    if (item.isEnded || !clean.startsWith(settledText)) {
      if (clean.trim() === "") return;
      this.#end(item);
      this.#items.push(this.#newText(item.part, text));
      return;
    }
    item.flow = new TextFlow(this.#layout, this.#style);
    item.clean = new CleanStream();
    // Rendered before, as far as it was settled.
    item.flow.push(settledText);
    item.ready = [...item.ready, ...item.flow.push(clean.slice(settledText.length))];
  }

  #addPart(part: number, text: string): void {
    this.#parts[part] = text;
    this.#addText(part, text);
  }

  #addRest(rest: string): void {
    const last = this.#parts.length - 1;
    if (last === -1 || /^\n\s*\n/u.test(rest)) this.#addPart(last + 1, rest);
    else this.#setPart(last, (this.#parts[last] ?? "") + rest);
  }

  #addText(part: number, text: string): void {
    if (text !== "") this.#insert(this.#newText(part, text));
  }

  #newText(part: number, text: string): TextItem {
    const [flow, clean] = [new TextFlow(this.#layout, this.#style), new CleanStream()];
    return { type: "text", part, flow, clean, ready: flow.push(clean.push(text)), isEnded: false };
  }

  /** Behind whatever belongs before it, and never among what is taken. */
  #insert(item: TextItem | StepItem): void {
    const follows = (other: TextItem | StepItem): boolean => placeOf(other) > placeOf(item);
    const at = this.#items.findIndex((other, index) => index >= this.#taken && follows(other));
    const place = this.#items[at];
    // A text that is shown in part already is not pushed down.
    const isBegun = at === this.#taken && place?.type === "text" && place.flow.settledText !== "";
    if (at === -1 || isBegun) this.#items.push(item);
    else this.#items.splice(at, 0, item);
  }

  #isClosed(index: number): boolean {
    if (this.isOver) return true;
    const behind = this.#items.slice(index + 1);
    if (behind.some(({ type }) => type === "text")) return true;
    return behind.filter((item) => item.type === "step" && item.step.state !== "running").length >= stepsThatClose;
  }

  #end(item: TextItem): void {
    if (item.isEnded) return;
    item.ready = [...item.ready, ...item.flow.push(item.clean.end()), ...item.flow.end()];
    item.isEnded = true;
  }
}

/** A step behind n parts stands between the parts of number n - 1 and n. */
function placeOf(item: TextItem | StepItem): number {
  return item.type === "step" ? item.afterPart - 0.5 : item.part;
}
