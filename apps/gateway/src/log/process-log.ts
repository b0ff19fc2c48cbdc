import type { Environment } from "../config/environment.ts";
import { createLog, type Log, type LogLevel } from "./log.ts";
import type { Redactor } from "./redactor.ts";

/** The process's log: to standard error, for people when that is a terminal. */
export function createProcessLog(environment: Environment, redactor: Redactor): Log {
  return createLog({
    level: levelOf(environment["HERMES_LOG_LEVEL"]),
    human: process.stderr.isTTY,
    redactor,
    write: (line) => process.stderr.write(line),
    now: Date.now,
  });
}

/** Until the configuration is read; it then says which names are wrong. */
function levelOf(name: string | undefined): LogLevel {
  return name === "debug" || name === "warn" || name === "error" ? name : "info";
}
