import { fileURLToPath } from "node:url";
import { startHermes, type Hermes } from "../cli/hermes.ts";
import { temporaryHome } from "../temporary-home.ts";
import type { Town } from "./towns.ts";

const program = fileURLToPath(new URL("../full-telegram/showing-gateway.ts", import.meta.url));

/** A home for a gateway on these platforms. */
export interface House {
  readonly home: string;
  /** A gateway that is ready and connected; default: everywhere. */
  serve(where?: readonly Town[]): Promise<Hermes>;
}

/** `more` goes into every platform's section. */
export async function houseIn(towns: readonly Town[], more: Readonly<Record<string, unknown>> = {}): Promise<House> {
  const platforms = Object.fromEntries(towns.map(({ name, section }) => [name, { ...section, ...more }]));
  // JSON is YAML.
  const home = await temporaryHome({ "config.yaml": JSON.stringify({ server: { port: 0 }, platforms }) });
  return {
    home,
    async serve(where = towns) {
      const hermes = startHermes([], { home, program });
      await hermes.line(/ready/u);
      for (const { name } of where) await hermes.errorLine(new RegExp(`\\[${name}\\] Connected as`, "u"));
      for (const { bench } of where) await bench.listening?.();
      return hermes;
    },
  };
}
