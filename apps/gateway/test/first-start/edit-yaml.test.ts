import { existsSync } from "node:fs";
import { mkdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configurationInput } from "../../src/cli/load.ts";
import type { ConfigurationInput } from "../../src/config/configuration.ts";
import { parseYamlFile } from "../../src/config/yaml-file.ts";
import { asYaml, withMainAgent } from "../../src/first-start/edit-yaml.ts";
import { writeAgent } from "../../src/first-start/write-agent.ts";
import { temporaryHome, writeHomeFile } from "../temporary-home.ts";

const acp = { use: "acp", command: "/usr/bin/claude", args: ["--acp"], environment: { PATH: "${PATH}", KEY: "${KEY}" } };
const ai = { use: "ai", model: "openai:gpt-5.6", providers: { openai: { apiKey: "${OPENAI_API_KEY}" } } };
const inBraces = "{ use: ai, model: openai:gpt-5.6, providers: { openai: { apiKey: ${OPENAI_API_KEY} } } }";

const block = `agents:
  main:
    use: ai
    model: openai:gpt-5.6
    providers:
      openai:
        apiKey: \${OPENAI_API_KEY}
`;

describe("Who answers is written into a config.yaml", () => {
  it.each([
    ["that is not there", "", block],
    ["of comments alone", "# mine\n", `# mine\n${block}`],
    ["behind what stands in it", "server: { port: 0 } # any", `server: { port: 0 } # any\n${block}`],
    ["with a margin", "  server:\n    port: 1\n", `  server:\n    port: 1\n${block.replaceAll(/^/gmu, "  ").trimEnd()}\n`],
    [
      "with the line ends of another system",
      "log:\r\n  level: info\r\n",
      `log:\r\n  level: info\r\n${block.replaceAll("\n", "\r\n")}`,
    ],
    ["that has the short form", "# who\nagent: { use: echo }\nserver: { port: 1 }\n", `# who\nserver: { port: 1 }\n${block}`],
    [
      "that a Python Hermes shares: its keys of `agent` stay",
      "agent:\n  max_turns: 60 # theirs\n  use: echo\nmode: 0755\n",
      `agent:\n  max_turns: 60 # theirs\nmode: 0755\n${block}`,
    ],
    ["that has an empty section", "agents:\n# next\nserver: { port: 1 }\n", `${block}# next\nserver: { port: 1 }\n`],
    [
      "that has other agents",
      "agents:\n  # she writes\n  coder: { use: acp, command: /bin/a }\n# next\nlog: { level: info }\n",
      `agents:\n  # she writes\n  coder: { use: acp, command: /bin/a }\n${block.slice("agents:\n".length)}# next\nlog: { level: info }\n`,
    ],
    [
      "whose main agent is another: what is the gateway's stays",
      "agents: { main: { use: echo, inactivitySeconds: 60 } }\n",
      `agents: { main: ${inBraces.replace(/ \}$/u, ", inactivitySeconds: 60 }")} }\n`,
    ],
    ["in braces", "{ server: { port: 1 } }\n", `{ server: { port: 1 }, agents: { main: ${inBraces} } }\n`],
  ])("%s", (_, before, after) => {
    const text = withMainAgent(before, ai);
    expect(text).toBe(after);
  });

  it.each([
    ["that is a list", "- one\n"],
    ["that is no YAML", "a: [\n"],
    ["whose section stands elsewhere", "x: &it { coder: { use: echo } }\nagents: *it\n"],
    ["whose part others name", "agents:\n  main: &it { use: echo }\n  coder: *it\n"],
    ["whose main agent has comments of its own", "agents:\n  main:\n    use: ai\n    # dear\n    model: a:b\n"],
    ["that goes on in another document", "a: 1\n...\n---\nb: 2\n"],
  ])("not %s: nothing may be lost", (_, before) => {
    expect(withMainAgent(before, ai)).toBeUndefined();
  });

  it("and everything else stays, to the byte, whatever stands there", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/u);
    const value = fc.oneof(
      word,
      fc.integer().map(String),
      fc.constantFrom(
        "'it''s'",
        '"a: b"',
        "0755",
        "yes",
        "~",
        "${TOKEN}",
        "{ token: ${TOKEN}, list: [1, two] }",
        "|\n    one\n    two",
      ),
    );
    const comment = fc.constantFrom("", " # why", " # Ω: { }");
    const line = fc
      .tuple(word, value, comment)
      .map(([name, given, why]) => `  ${name}: ${given}${given.startsWith("|") ? "" : why}`);
    const section = fc
      .tuple(word, fc.array(line, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "# before\n", "\n\n"))
      .map(([name, lines, before]) => `${before}${name}:\n${lines.join("\n")}\n`);
    fc.assert(
      fc.property(fc.array(section, { maxLength: 5 }), fc.constantFrom(acp, ai), (sections, offered) => {
        const before = sections.join("");
        const after = withMainAgent(before, offered);
        if (after === undefined) {
          // A key that stands twice: that file the gateway does not read either.
          expect(() => parseYamlFile(before, "config.yaml")).toThrow(/was given before/u);
          return;
        }
        expect(after).toBe(before + asYaml(offered));
        const settings = (text: string) =>
          parseYamlFile(text, "config.yaml")
            .filter(({ value: given }) => given !== undefined)
            .map(({ path, value: given }) => [path, given]);
        const again = withMainAgent(after, acp) ?? "";
        expect(again.startsWith(before)).toBe(true);
        expect(settings(again)).toEqual([...settings(before), ...settings(asYaml(acp))]);
      }),
    );
  });
});

function inputOf(home: string, key = "fake-key-for-tests"): ConfigurationInput {
  return configurationInput({ HERMES_HOME: home, OPENAI_API_KEY: key });
}

describe("The file", () => {
  it("is for its owner alone, also when others could read it before, and a link to it stays one", async () => {
    const home = await temporaryHome();
    await writeAgent(join(home, "new"), ai, inputOf(join(home, "new")));
    expect((await stat(join(home, "new", "config.yaml"))).mode & 0o777).toBe(0o600);
    await mkdir(join(home, "dots"));
    await writeHomeFile(home, "dots/hermes.yaml", "# mine\n");
    await symlink(join("dots", "hermes.yaml"), join(home, "config.yaml"));
    await writeAgent(home, ai, inputOf(home));
    expect(await readFile(join(home, "dots", "hermes.yaml"), "utf8")).toBe(`# mine\n${block}`);
    expect(await readFile(join(home, "config.yaml"), "utf8")).toContain("# mine");
  });

  it("that cannot be changed stays, and whoever wants it changed is told the lines", async () => {
    const before = "x: &it { coder: { use: echo } }\nagents: *it\n";
    const home = await temporaryHome({ "config.yaml": before });
    await expect(writeAgent(home, ai, inputOf(home))).rejects.toThrow(
      /without losing something[^]*apiKey: \$\{OPENAI_API_KEY\}$/u,
    );
    expect(await readFile(join(home, "config.yaml"), "utf8")).toBe(before);
  });

  it("stays where the gateway could not start with the agent: its key is none, or another part is wrong", async () => {
    for (const [before, key] of [
      ["# mine\n", "no key"],
      ["server: { port: none }\n", "fake-key-for-tests"],
    ] as const) {
      const home = await temporaryHome({ "config.yaml": before });
      await expect(writeAgent(home, ai, inputOf(home, key))).rejects.toThrow(/stays as it was: /u);
      expect(await readFile(join(home, "config.yaml"), "utf8")).toBe(before);
      const bare = await temporaryHome();
      await expect(writeAgent(bare, ai, inputOf(bare, "no key"))).rejects.toThrow(/apiKey/u);
      expect(existsSync(join(bare, "config.yaml"))).toBe(false);
    }
  });
});
