import { once } from "node:events";
import { createServer } from "node:http";
import type { AgentManifest, AgentOffer, Machine } from "@hermes/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { findOffers } from "../../src/first-start/find-offers.ts";
import { readLocal } from "../../src/first-start/read-local.ts";
import { officialAgents } from "../../src/official-agents.ts";
import { createFindAgent } from "../../src/platforms/find-manifest.ts";

const machine: Machine = {
  findProgram: (name) => Promise.resolve(["claude-agent-acp", "codex"].includes(name) ? `/usr/bin/${name}` : undefined),
  hasVariable: (name) => ["PATH", "OPENAI_API_KEY"].includes(name),
  readLocal: () => Promise.resolve(undefined),
};

function manifestOf(kind: string, detect: () => Promise<readonly AgentOffer[]>): AgentManifest {
  return {
    apiVersion: 1,
    kind,
    name: kind,
    description: "",
    documentationUrl: "https://example.org",
    configuration: {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value) =>
          typeof value === "object" && value !== null && "wrong" in value ? { issues: [{ message: "wrong" }] } : { value },
      },
    },
    configurationJsonSchema: {},
    secrets: [],
    detect,
    load: () => Promise.reject(new Error("Nothing is started")),
  };
}

/** What is found by agents that look as they are told. */
async function found(detects: Readonly<Record<string, () => Promise<readonly AgentOffer[]>>>, limitMs = 2000) {
  const lines: string[] = [];
  const findAgent = (kind: string) => {
    const detect = detects[kind];
    return detect === undefined
      ? Promise.resolve({ fault: "it is not installed", remedy: `Install ${kind}.` })
      : Promise.resolve(manifestOf(kind, detect));
  };
  const kinds = [...Object.keys(detects), "absent"];
  return { offers: await findOffers({ kinds, findAgent, machine, debug: (line) => lines.push(line), limitMs }), lines };
}

const offer = (label: string, use: string, more: object = {}): AgentOffer => ({ label, section: { use, ...more } });

describe("What this machine has", () => {
  it("is what the official agents find: programs, keys by their names, and models of Ollama", async () => {
    const ollama = createServer((request, response) => {
      response.end(request.url === "/api/tags" ? '{"models":[{"name":"qwen3:8b"},{"name":"bge-embed"}]}' : "{}");
    }).listen(0, "127.0.0.1");
    await once(ollama, "listening");
    onTestFinished(() => void ollama.close());
    const address = ollama.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const { ready, unready, missing } = await findOffers({
      kinds: Object.keys(officialAgents),
      findAgent: createFindAgent(officialAgents, "/nowhere"),
      // Its own port may be taken by a real one.
      machine: { ...machine, readLocal: (url) => readLocal(url.replace(":11434/", `:${port}/`).replace(":1234/", ":1/")) },
      debug: (line) => expect.unreachable(line),
    });
    expect(ready.map(({ label }) => label)).toEqual(["Claude Code", "GPT, with a key of OpenAI", "qwen3:8b in Ollama"]);
    expect(unready).toMatchObject([{ label: "Codex", hint: expect.stringContaining("npm install --global") }]);
    expect(missing).toEqual([]);
    expect(JSON.stringify(ready)).toContain('"${OPENAI_API_KEY}"');
  });

  it("is not spoiled by an agent that fails, one that is slow, or one that is not installed", async () => {
    const { offers, lines } = await found(
      {
        good: () => Promise.resolve([offer("Good", "good")]),
        failing: () => Promise.reject(new Error("no such thing")),
        slow: () => new Promise<never>(() => undefined),
      },
      30,
    );
    expect(offers.ready.map(({ label }) => label)).toEqual(["Good"]);
    expect(offers.missing).toEqual(["Install absent."]);
    expect(lines.join("\n")).toMatch(/of failing: no such thing\n.*of slow: it took longer than 30 ms/u);
  });

  it("leaves out what a package offers in another's name or does not take itself, and shows no word that steers a terminal", async () => {
    const { offers } = await found({
      odd: () =>
        Promise.resolve([
          offer("Other", "ai"),
          offer("Wrong", "odd", { wrong: true }),
          offer("\u001B[2JClear\nDone", "odd"),
          ...Array.from({ length: 20 }, (_, index) => offer(`Many ${index}`, "odd")),
        ]),
    });
    expect(offers.ready.map(({ label }) => label).slice(0, 2)).toEqual(["\\u{1b}[2JClear\\nDone", "Many 0"]);
    expect(offers.ready).toHaveLength(9);
  });
});
