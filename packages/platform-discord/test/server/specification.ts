import { existsSync, readFileSync } from "node:fs";
import { createApiCheck, type ApiCheck } from "@hermes/testkit/server";

const location = new URL("../../../../../shared/specs/discord-openapi.json", import.meta.url);

let loaded: Promise<ApiCheck> | undefined;

/** The check, or undefined where the description is not at hand: it lies beside the repository, never in it. Read once. */
export async function loadSpecification(): Promise<ApiCheck | undefined> {
  if (loaded === undefined && existsSync(location)) loaded = createApiCheck(JSON.parse(readFileSync(location, "utf8")));
  return loaded;
}
