import type { Machine } from "@hermes/core";
import type { Environment } from "../config/environment.ts";
import type { Variables } from "../config/variables.ts";
import { findProgram } from "./find-program.ts";
import { readLocal } from "./read-local.ts";

/** This machine, as agents' packages may look at it: programs on the path, names of variables, servers on loopback. Starts nothing. */
export function createMachine(environment: Environment, variables: Pick<Variables, "get">): Machine {
  return {
    findProgram: (name) => findProgram(name, environment["PATH"] ?? ""),
    hasVariable: (name) => variables.get(name) !== undefined,
    readLocal,
  };
}
