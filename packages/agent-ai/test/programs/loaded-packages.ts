import { registerHooks } from "node:module";
import { writeSync } from "node:fs";
import type { AgentHost } from "@hermes/core";
import { turnOf } from "../turn.ts";

// Tells which providers' packages are loaded after each of four moments.
const loaded = new Set<string>();
let onLoaded: (name: string) => void = () => undefined;
registerHooks({
  resolve(specifier, context, next) {
    const [, name] = /^(@ai-sdk\/(?:openai|anthropic|google|openai-compatible))$/u.exec(specifier) ?? [];
    if (name !== undefined && !loaded.has(name)) {
      loaded.add(name);
      onLoaded(name);
    }
    return next(specifier, context);
  },
});
const seen: Record<string, readonly string[]> = {};
const note = (moment: string): void => void (seen[moment] = [...loaded].toSorted());

const { manifest } = await import("../../src/manifest.ts");
note("manifest");
const quiet = (): void => undefined;
const host = {
  name: "main",
  logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  clock: { now: () => 0, wakeAt: () => quiet },
  folder: "/nowhere",
  home: "/nowhere",
  fetch: () => Promise.reject(new Error("nobody fetches")),
  deliver: () => Promise.reject(new Error("nobody delivers")),
  conceal: quiet,
} satisfies AgentHost;
const closed = "http://127.0.0.1:9";
const providers = { test: { baseUrl: closed }, anthropic: { baseUrl: closed, apiKey: "key" } };
const agent = await manifest.load({ model: "test:model", providers }, host);
note("agent");
for (const model of ["test:model", "anthropic:claude"]) {
  const stop = new AbortController();
  const run = agent.run(turnOf("hello", { chosen: { model }, signal: stop.signal }))[Symbol.asyncIterator]();
  const end = async (): Promise<void> => {
    for (let next = await run.next(); next.done !== true; next = await run.next());
  };
  // The port is closed, so that nothing comes of the call: it is stopped once its package is there.
  const given = end().catch(quiet);
  await new Promise<void>((resolve) => {
    onLoaded = () => resolve();
  });
  stop.abort("stop");
  await given;
  note(model.slice(0, model.indexOf(":")));
}
writeSync(1, JSON.stringify(seen));
