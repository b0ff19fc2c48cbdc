import type { ObjectShape } from "./object-shape.ts";
import type { Scope } from "./scope.ts";

/** All there is to know of a method: server, client, scopes and documentation are made from it. */
export interface Method<Params extends object, Result extends object> {
  /** What it does, in one sentence. */
  readonly summary: string;
  /** What its caller must be allowed to do; `none`: anybody may call it. */
  readonly scope: Scope | "none";
  /** Refuses members nobody declared. */
  readonly params: ObjectShape<Params>;
  readonly result: ObjectShape<Result>;
}

/** A line of the table. */
export function method<Params extends object, Result extends object>(line: Method<Params, Result>): Method<Params, Result> {
  return line;
}
