/** The variables a process was started with. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's own environment, as it is now. The only place of the gateway that reads it. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
