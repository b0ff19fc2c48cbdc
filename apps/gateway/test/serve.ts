import { expect } from "vitest";
import { startHermes, type Hermes, type HermesOptions } from "./cli/hermes.ts";
import { temporaryHome } from "./temporary-home.ts";

export const anyPort = "server: { port: 0 }\n";

/** A gateway that is ready, on a home of its own. */
export async function serve(
  files: Readonly<Record<string, string>> = {},
): Promise<{ hermes: Hermes; home: string; url: string }> {
  const home = await temporaryHome({ "config.yaml": anyPort, ...files });
  return { home, ...(await serveHome(home)) };
}

/** A gateway that is ready, on this home. */
export async function serveHome(
  home: string,
  environment: Readonly<Record<string, string>> = {},
  options: Pick<HermesOptions, "isBuilt"> = {},
): Promise<{ hermes: Hermes; url: string }> {
  const hermes = startHermes(["gateway", "run"], { home, environment, ...options });
  const ready = await hermes.line(/ready/u);
  return { hermes, url: /http:\S+/u.exec(ready)?.[0] ?? "" };
}

/** What a gateway says that does not start; `code` 75 where a later start may work. */
export async function refused(home: string, code: 75 | 78 = 78): Promise<string> {
  const hermes = startHermes(["gateway", "run"], { home });
  expect(await hermes.ended()).toBe(code);
  expect(hermes.output()).toBe("");
  return hermes.errors();
}

/** Ends a gateway as a service manager does. */
export async function stop(hermes: Hermes): Promise<void> {
  hermes.process.kill("SIGTERM");
  expect(await hermes.ended()).toBe(0);
}
