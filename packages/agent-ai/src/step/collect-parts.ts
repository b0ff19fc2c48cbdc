import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { AssistantPart } from "../transcript/entry.ts";

type Options = NonNullable<AssistantPart["options"]>;
type Metadata = Extract<LanguageModelV4StreamPart, { type: "text-start" }>["providerMetadata"];
interface Block {
  readonly type: "text" | "reasoning";
  text: string;
  metadata: Metadata;
}
type Call = Extract<LanguageModelV4StreamPart, { type: "tool-call" }>;

/** What a part takes beside its characters. */
const partLength = 100;

/** Puts the pieces of an answer together again, in their order, with what the provider wants back. */
export class PartCollector {
  readonly #order: (Block | Call)[] = [];
  readonly #open = new Map<string, Block>();
  /** Characters so far at most, the inputs of calls included; a part without any counts as well. */
  length = 0;

  take(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case "text-start":
      case "reasoning-start":
        this.#start(part.type === "text-start" ? "text" : "reasoning", part.id, part.providerMetadata);
        break;
      case "text-delta":
      case "reasoning-delta":
        this.#grow(part.type === "text-delta" ? "text" : "reasoning", part);
        break;
      case "text-end":
      case "reasoning-end": {
        const key = `${part.type === "text-end" ? "text" : "reasoning"} ${part.id}`;
        const block = this.#open.get(key);
        if (block !== undefined) block.metadata = part.providerMetadata ?? block.metadata;
        this.#open.delete(key);
        break;
      }
      case "tool-input-delta":
        this.length += part.delta.length;
        break;
      case "tool-call":
        if (part.providerExecuted === true) break;
        this.length += partLength + part.input.length;
        this.#order.push(part);
        break;
      default:
    }
  }

  /** The text so far. */
  get text(): string {
    return this.#order.map((part) => (part.type === "text" ? part.text : "")).join("");
  }

  /** The calls, in their order. */
  get calls(): readonly Call[] {
    return this.#order.filter((part) => part.type === "tool-call");
  }

  /** All parts, calls as `name` makes them. What is empty and carries nothing is left out. */
  parts(asPart: (call: Call, options: { readonly options?: Options }) => AssistantPart): readonly AssistantPart[] {
    return this.#order.flatMap((part): readonly AssistantPart[] => {
      if (part.type === "tool-call") return [asPart(part, optionsOf(part.providerMetadata))];
      if (part.text === "" && part.metadata === undefined) return [];
      return [{ type: part.type, text: part.text, ...optionsOf(part.metadata) }];
    });
  }

  #start(type: Block["type"], id: string, metadata: Metadata): Block {
    const block: Block = { type, text: "", metadata };
    this.length += partLength;
    this.#open.set(`${type} ${id}`, block);
    this.#order.push(block);
    return block;
  }

  #grow(type: Block["type"], part: { readonly id: string; readonly delta: string; readonly providerMetadata?: Metadata }): void {
    const block = this.#open.get(`${type} ${part.id}`) ?? this.#start(type, part.id, undefined);
    block.text += part.delta;
    // A signature comes in a piece of its own, without text.
    block.metadata = part.providerMetadata ?? block.metadata;
    this.length += part.delta.length;
  }
}

function optionsOf(metadata: Metadata): { readonly options?: Options } {
  // Metadata is JSON by its type; `undefined` inside it is lost as it will be in the store.
  return metadata === undefined ? {} : { options: JSON.parse(JSON.stringify(metadata)) as Options };
}
