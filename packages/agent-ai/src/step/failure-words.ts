import type { CallFailure } from "./failure.ts";

/** What people are told of a model that did not answer. Never a key, nor what was sent. */
export function failureWords(model: string, failure: CallFailure, agent: string): string {
  const provider = model.slice(0, model.indexOf(":"));
  switch (failure.kind) {
    case "unauthorized":
      return `${provider} refused the key (${failure.status}). Set \`agents.${agent}.providers.${provider}.apiKey\` to one that may use ${model}.`;
    case "rate-limited":
      return `${model} takes no more requests for now. Try again in a minute, or choose another with /model.`;
    case "unavailable":
      return `${model} cannot be reached (${failure.detail}). Try again in a minute, or choose another with /model.`;
    case "context-length":
      return `This conversation is too long for ${model}. Shorten it with /compress, or begin a new one with /new.`;
    case "unconfigured":
      return failure.detail;
    case "invalid":
      return `${model} refused the request (${failure.detail}). Choose another with /model.`;
  }
}
