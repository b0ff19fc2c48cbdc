import { describeSource, type Source } from "./setting.ts";

/** One thing that is wrong with the configuration, in the words a person needs to mend it. */
export interface Problem {
  /** The key as people write it; absent where a whole file is meant. */
  readonly key?: string;
  /** The value as it may be shown: a secret's is `(hidden)`. */
  readonly shown?: string;
  readonly source?: Source;
  /** What is wrong, without a full stop. */
  readonly message: string;
  /** What to do, a full sentence. */
  readonly remedy: string;
}

/** A problem as one line. */
export function describeProblem(problem: Problem): string {
  const key = problem.key === undefined ? "" : `${problem.key}: `;
  const got = problem.shown === undefined ? "" : `, got ${problem.shown}`;
  const from = problem.source === undefined || problem.source.kind === "default" ? "" : ` (${describeSource(problem.source)})`;
  return `${key}${problem.message}${got}${from}. ${problem.remedy}`;
}

const marker = Symbol.for("hermes.gateway-error");

/** What keeps the gateway from starting. `exitCode`: 78 = restarting does not help, 75 = later it may. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly exitCode: 75 | 78;
  readonly [marker] = true;

  constructor(message: string, options: { readonly exitCode: 75 | 78; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode;
  }
}

/** Whether `value` is a `GatewayError`. */
export function isGatewayError(value: unknown): value is GatewayError {
  return typeof value === "object" && value !== null && (value as { readonly [marker]?: unknown })[marker] === true;
}

/** The error behind problems that keep the whole gateway from starting. */
export function configurationError(problems: readonly [Problem, ...Problem[]]): GatewayError {
  return new GatewayError(problems.map(describeProblem).join("\n"), { exitCode: 78 });
}
