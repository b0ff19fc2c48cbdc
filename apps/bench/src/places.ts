import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** The built `hermes` command. */
export const gatewayProgram = join(
  dirname(fileURLToPath(import.meta.resolve("@hermes/gateway/package.json"))),
  "dist",
  "main.js",
);

/** A program of this package that is run as a process of its own. */
export function ownProgram(
  name: "contender-chat-sdk" | "contender-grammy" | "growth-child" | "sockets-child" | "stream-child" | "trouble-child",
): string {
  return fileURLToPath(new URL(`${name}.ts`, import.meta.url));
}
