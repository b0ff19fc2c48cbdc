import type { Json } from "@hermes/core";
import { badRequest } from "../api-error.ts";
import { fieldsOf, listOf, textOf, wrongType, type Fields } from "./shape.ts";

const maxPairs = 16;

/** Handed on to the agent as they are; without an effect where the agent has no use for them. */
const kinds: Readonly<Record<string, (value: unknown, param: string) => Json>> = {
  temperature: number,
  top_p: number,
  max_tokens: number,
  max_completion_tokens: number,
  max_output_tokens: number,
  presence_penalty: number,
  frequency_penalty: number,
  seed: number,
  stop: textOrTexts,
  user: textOf,
  safety_identifier: textOf,
  prompt_cache_key: textOf,
  reasoning_effort: textOf,
  reasoning: pairs,
  verbosity: textOf,
  service_tier: textOf,
  truncation: textOf,
  metadata: pairs,
};

/** What an agent may make use of. */
export function parametersOf(body: Fields): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(kinds).flatMap(([name, read]) => {
      const value = body[name];
      return value === undefined || value === null ? [] : [[name, read(value, name)] as const];
    }),
  );
}

/** Refuses what would be answered otherwise than was asked. */
export function refuseUnsupported(body: Fields): void {
  const refuse = (name: string, why: string): never => {
    throw badRequest("unsupported_parameter", `\`${name}\` is not supported: ${why}`, name);
  };
  if (isGiven(body["n"]) && body["n"] !== 1) refuse("n", "there is one answer to a request");
  if (isAsked(body["tools"]) || isAsked(body["functions"]))
    refuse(isAsked(body["tools"]) ? "tools" : "functions", "the agent has its own tools");
  for (const name of ["tool_choice", "function_call"]) {
    const choice = body[name];
    if (isGiven(choice) && choice !== "none" && choice !== "auto") refuse(name, "the agent has its own tools");
  }
  for (const name of ["logprobs", "top_logprobs", "background", "audio", "web_search_options", "prompt", "conversation"]) {
    if (isAsked(body[name])) refuse(name, reasons[name] ?? "the agent has no such thing");
  }
  const modalities = body["modalities"];
  if (isGiven(modalities) && listOf(modalities, "modalities", maxPairs).some((each) => each !== "text"))
    refuse("modalities", "answers are text");
  refuseFormat(body["response_format"], "response_format", refuse);
  const text = body["text"];
  if (isGiven(text)) refuseFormat(fieldsOf(text, "text")["format"], "text.format", refuse);
}

const reasons: Readonly<Record<string, string>> = {
  background: "an answer lives as long as its request; ask with `stream`",
  conversation: "go on with `previous_response_id` or the header X-Hermes-Session-Id",
};

function refuseFormat(format: unknown, param: string, refuse: (name: string, why: string) => never): void {
  if (isGiven(format) && fieldsOf(format, param)["type"] !== "text") refuse(param, "the agent answers in text of its own form");
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Given, and not just the default written out. */
function isAsked(value: unknown): boolean {
  return isGiven(value) && value !== false && value !== 0 && !(Array.isArray(value) && value.length === 0);
}

function number(value: unknown, param: string): number {
  if (typeof value !== "number") throw wrongType(value, param, "a number");
  return value;
}

function textOrTexts(value: unknown, param: string): Json {
  return typeof value === "string"
    ? textOf(value, param)
    : listOf(value, param, maxPairs).map((each, index) => textOf(each, `${param}[${index}]`));
}

/** Short texts, numbers and flags under names; what is nested is of no use to anybody. */
function pairs(value: unknown, param: string): Json {
  const entries = Object.entries(fieldsOf(value, param)).filter(([, inner]) => isGiven(inner));
  if (entries.length > maxPairs)
    throw badRequest("object_above_max_properties", `Expected \`${param}\` to have at most ${maxPairs} entries`, param);
  return Object.fromEntries(
    entries.map(([name, inner]) => {
      if (typeof inner === "number" || typeof inner === "boolean") return [name, inner];
      return [name, textOf(inner, `${param}.${name}`)];
    }),
  );
}
