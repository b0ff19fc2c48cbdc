import type { Stage } from "./stage.ts";

/** One thing that every platform keeps. The check throws when this one does not. */
export interface ConformanceCase<Name extends string = string> {
  readonly name: Name;
  check(stage: Stage): Promise<void>;
}

/** A case whose name is a sentence that is true of a good platform. */
export function defineCase<const Name extends string>(name: Name, check: (stage: Stage) => Promise<void>): ConformanceCase<Name> {
  return { name, check };
}

/** Thrown by a check that has nothing to check here. The message says what is missing. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}
