import { fileURLToPath } from "node:url";
import { startHermes, type Hermes } from "../cli/hermes.ts";

const program = fileURLToPath(new URL("talking-gateway.ts", import.meta.url));

/** A gateway of this home whose agent does what it is told, ready. */
export async function startTalking(home: string): Promise<Hermes> {
  const gateway = startHermes([], { home, program });
  await gateway.line(/^ready/u);
  return gateway;
}
