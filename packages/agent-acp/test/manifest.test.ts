import type { Machine } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { manifest } from "../src/manifest.ts";
import { createHost, programOptions, temporaryFolder } from "./turns.ts";

const signal = new AbortController().signal;

function machine(programs: readonly string[], variables: readonly string[] = []): Machine {
  return {
    findProgram: (name) => Promise.resolve(programs.includes(name) ? `/usr/bin/${name}` : undefined),
    hasVariable: (name) => variables.includes(name),
    readLocal: () => Promise.resolve(undefined),
  };
}

function problemsOf(section: unknown): readonly string[] {
  const result = manifest.configuration["~standard"].validate(section);
  if (result instanceof Promise) throw new Error("Expected an answer at once");
  return (result.issues ?? []).map(({ path = [], message }) => `${path.map(String).join(".")}: ${message}`);
}

describe("The manifest", () => {
  it("offers the agents that this machine has, those that want an adapter last", async () => {
    const offers = await manifest.detect?.(
      machine(["claude", "codex-acp", "gemini", "opencode", "goose"], ["PATH", "OPENAI_API_KEY"]),
    );
    expect(offers).toEqual([
      {
        label: "Codex",
        section: {
          use: "acp",
          command: "/usr/bin/codex-acp",
          environment: { PATH: "${PATH}", OPENAI_API_KEY: "${OPENAI_API_KEY}" },
        },
      },
      {
        label: "Gemini CLI",
        section: { use: "acp", command: "/usr/bin/gemini", args: ["--acp"], environment: { PATH: "${PATH}" } },
      },
      {
        label: "OpenCode",
        section: { use: "acp", command: "/usr/bin/opencode", args: ["acp"], environment: { PATH: "${PATH}" } },
      },
      { label: "Goose", section: { use: "acp", command: "/usr/bin/goose", args: ["acp"], environment: { PATH: "${PATH}" } } },
      {
        label: "Claude Code",
        section: { use: "acp", command: "claude-agent-acp", environment: { PATH: "${PATH}" } },
        hint: "Install its adapter first: npm install --global @agentclientprotocol/claude-agent-acp",
      },
    ]);
    expect(await manifest.detect?.(machine([]))).toEqual([]);
  });

  it("offers nothing that its own schema refuses", async () => {
    const all = ["claude-agent-acp", "codex", "gemini", "opencode", "goose"];
    const offers = (await manifest.detect?.(machine(all, ["PATH", "HOME", "ANTHROPIC_API_KEY"]))) ?? [];
    expect(offers).toHaveLength(5);
    for (const { section } of offers) {
      const { use, ...rest } = section;
      expect(use).toBe(manifest.kind);
      expect(problemsOf(rest)).toEqual([]);
    }
  });

  it.each([
    [{ command: "" }, "command: Expected the program that speaks ACP"],
    [{ command: "a", cwd: "here" }, "cwd: Expected an absolute path"],
    [{ command: "a", roots: [] }, "roots: Expected at least one folder"],
    [{ command: "a", environment: { "A B": "c" } }, "environment.A B: "],
    [{ command: "a", mcpServers: { x: { url: "ftp://example.org" } } }, "mcpServers.x.url: Expected an http or https address"],
    [{ command: "a", mcpServers: { x: {} } }, "mcpServers.x: Expected `command` with `args`"],
    [{ command: "a", mcpServers: { "a b": { command: "x" } } }, "mcpServers.a b: "],
    [{ command: "a", permissions: "allow" }, "permissions: "],
    [{ command: "a", shell: true }, ": "],
  ])("refuses %j", (section, words) => {
    expect(problemsOf(section).join("\n")).toContain(words);
  });

  it("names what is secret in it", () => {
    expect(manifest.secrets).toEqual(["environment.*", "mcpServers.*.environment.*", "mcpServers.*.headers.*"]);
    expect(manifest.configurationJsonSchema).toMatchObject({ type: "object", required: ["command"] });
  });

  it("loads an agent that starts nothing before its first turn", async () => {
    const folder = await temporaryFolder();
    const agent = await manifest.load({ command: "/no/such/program" }, createHost(folder));
    expect(agent.features).toEqual({ steer: false, undo: false, resume: "continue" });
    await agent.close?.();
    await expect(manifest.load({ command: "" }, createHost(folder))).rejects.toThrow(/These ACP options cannot work/u);
  });
});

describe("The check", () => {
  const check = async (options: Parameters<NonNullable<typeof manifest.check>>[0]) =>
    await manifest.check?.(options, createHost(await temporaryFolder()), signal);

  it("says what answers", async () => {
    expect(await check(programOptions("example-agent"))).toEqual({
      ok: true,
      summary: "Example Agent 1.2.3 answers, and opened a session",
    });
  });

  it.each([
    [programOptions("example-agent", ["login"]), /wants a login first/u, /Log in to it in a terminal/u],
    [programOptions("misbehaving-agent", ["wrong-version"]), /version 99/u, /update it/u],
    [programOptions("misbehaving-agent", ["exits-at-once"]), /exit code 3/u, /in a terminal/u],
    [{ command: "no-such-program" }, /`environment` has no `PATH`/u, /absolute path/u],
    [{ command: "./agent", environment: { PATH: "/usr/bin" } }, /is not there on the `PATH`/u, /absolute path/u],
    [{ command: process.execPath, cwd: "/no/such/folder" }, /cannot work in \/no\/such\/folder/u, /in a terminal/u],
    [{ command: process.execPath, args: ["-e", "console.log('hi')"] }, /exit code 0/u, /in a terminal/u],
  ])("says what is wrong and what to do", async (options, summary, remedy) => {
    expect(await check(options)).toEqual({
      ok: false,
      summary: expect.stringMatching(summary),
      remedy: expect.stringMatching(remedy),
    });
  });
});
