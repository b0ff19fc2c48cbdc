import type { Answer, AnswerFacts } from "../exchange/answer.ts";
import { eventOf, toolProgressOf, type EventEncoder } from "./events.ts";
import { encodeBegun, encodeResponse, itemIdOf, messageItem, textPart } from "./response.ts";

/**
 * A response in pieces: OpenAI's events, numbered. What it has no words for stands under `hermes` in a piece of text that is empty:
 * OpenAI's own client fails at events it does not know.
 */
export function responseEvents(facts: AnswerFacts): EventEncoder {
  let number = 0;
  let isItemOpen = false;
  const event = (type: string, fields: object): string => eventOf({ type, sequence_number: number++, ...fields }, type);
  const place = { item_id: itemIdOf(facts), output_index: 0, content_index: 0 };

  const openItem = (): string => {
    if (isItemOpen) return "";
    isItemOpen = true;
    return (
      event("response.output_item.added", { output_index: 0, item: messageItem(facts, undefined, "in_progress") }) +
      event("response.content_part.added", { ...place, part: textPart("") })
    );
  };

  const closeItem = (text: string, status: "completed" | "incomplete"): string => {
    if (!isItemOpen) return "";
    return (
      event("response.output_text.done", { ...place, text, logprobs: [] }) +
      event("response.content_part.done", { ...place, part: textPart(text) }) +
      event("response.output_item.done", { output_index: 0, item: messageItem(facts, text, status) })
    );
  };

  return {
    open: () =>
      event("response.created", { response: encodeBegun(facts) }) +
      event("response.in_progress", { response: encodeBegun(facts) }),
    text: (delta) => openItem() + event("response.output_text.delta", { ...place, delta, logprobs: [] }),
    progress(progress) {
      const tool = toolProgressOf(progress);
      if (tool === undefined) return "";
      return openItem() + event("response.output_text.delta", { ...place, delta: "", logprobs: [], hermes: { tool } });
    },
    end(answer: Answer) {
      const encoded = encodeResponse(answer);
      const status = encoded.status === "completed" ? "completed" : "incomplete";
      // An item that was opened is there in the end, also one that stayed empty.
      const response = isItemOpen ? { ...encoded, output: [messageItem(facts, answer.text, status)] } : encoded;
      return closeItem(answer.text, status) + event(`response.${response.status}`, { response });
    },
  };
}
