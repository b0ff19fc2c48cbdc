import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { parseEnvironmentFile } from "../../src/config/env-file.ts";
import { parseYamlFile } from "../../src/config/yaml-file.ts";
import { createFindManifest } from "../../src/platforms/find-manifest.ts";
import { temporaryHome } from "../temporary-home.ts";
import { kinds, load, loadFailure, warningsOf } from "./load.ts";

const names = ["config.yaml", ".env", "gateway.json"];

async function failureOf(home: string): Promise<string> {
  const input = {
    environment: { HERMES_HOME: home },
    findManifest: (directory: string) => createFindManifest(kinds, directory),
    officialKinds: [],
  };
  return loadConfiguration(input).then(
    () => "loaded",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe("a configuration file", () => {
  it.each(names)("%s larger than 1 MB is refused", async (name) => {
    expect(await loadFailure({ [name]: "#".repeat(1_000_001) })).toContain(`${name} is larger than 1 MB`);
  });

  it.each(names)("%s that is not UTF-8 is refused", async (name) => {
    const home = await temporaryHome();
    const { writeFile } = await import("node:fs/promises");
    await writeFile(join(home, name), Buffer.from([0x61, 0xff, 0xfe]), { mode: 0o600 });
    expect(await failureOf(home)).toContain(`${name} is not valid UTF-8`);
  });

  it.each(names)("%s that is a directory is refused", async (name) => {
    const home = await temporaryHome();
    await mkdir(join(home, name));
    expect(await failureOf(home)).toContain(`${name} is not a file`);
  });

  it("that leads nowhere is as good as absent", async () => {
    const home = await temporaryHome();
    await symlink(join(home, "elsewhere"), join(home, "config.yaml"));
    expect(await failureOf(home)).toBe("loaded");
  });

  it.each(names)("%s that others may read is warned of, with the remedy", async (name) => {
    const home = await temporaryHome({ [name]: name === "gateway.json" ? "{}" : "" });
    await chmod(join(home, name), 0o644);
    const input = {
      environment: { HERMES_HOME: home },
      findManifest: (directory: string) => createFindManifest(kinds, directory),
      officialKinds: [],
    };
    expect(warningsOf(await loadConfiguration(input))).toEqual([
      `${home}/${name} may be read by other users of this machine. Run \`chmod 600 ${home}/${name}\`.`,
    ]);
  });
});

describe("config.yaml", () => {
  it.each([
    ["server:\n\tport: 1", "config.yaml:2:1 is not valid YAML: tabs are not allowed as indentation"],
    ["a: 1\na: 2", "config.yaml:2:1 is not valid YAML: a key stands here that was given before"],
    ["a: b: c", "config.yaml:1:4 is not valid YAML: a second `: ` on one line"],
    ["a: 1\n---\nb: 2", "config.yaml:2:1 is not valid YAML: `---` begins a second document"],
    ["a: [1, 2", "config.yaml:1:9 is not valid YAML"],
    ["- a\n- b", "config.yaml:1:1 holds no `key: value` lines at its top level"],
    ["a: *nobody", "config.yaml:1:4 names an anchor"],
    ["? [a]\n: 1", "config.yaml:1:3 has a key that is not a plain name"],
    ["__proto__: { polluted: true }", "config.yaml:1:1 has a key that is not a plain name"],
  ])("that is malformed is refused with line and column: %s", async (yaml, message) => {
    expect(await loadFailure({ "config.yaml": yaml })).toContain(message);
  });

  it("never quotes the text at fault, which may be a secret", async () => {
    expect(await loadFailure({ "config.yaml": 'token: "abc\\qsecret"' })).not.toMatch(/secret|\\q/u);
    expect(await loadFailure({ "config.yaml": "token: *secret" })).not.toContain("secret");
    expect(await loadFailure({ "gateway.json": '{"token": "secret"secret' })).not.toContain("secret");
  });

  it("cannot be blown up by anchors", async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array.from({ length: 9 }, () => `*l${level}`).join(",")}]`,
    );
    expect(await loadFailure({ "config.yaml": `l0: &l0 [x]\n${levels.join("\n")}` })).toContain("holds too much");
  });

  it("cannot be blown up by an anchor that holds itself", async () => {
    expect(await loadFailure({ "config.yaml": "a: &a [*a]" })).toContain("config.yaml:1:");
    expect(await loadFailure({ "config.yaml": "a: &a { b: *a }" })).toContain("config.yaml:1:");
  });

  it("keeps ids that a number cannot hold", () => {
    expect(parseYamlFile("ids: [1234567890123456789, 007, 12, 0x10, 1e400]", "f")[0]?.value).toEqual([
      "1234567890123456789",
      "007",
      12,
      "0x10",
      "1e400",
    ]);
  });

  it("takes `${NAME}` anywhere, with or without quotes", () => {
    const text = "a: ${X}\nb: { c: ${X}, d: \"${X}-$${Y}\", e: [${X}, '${Y}'] }\nf: x${X}y";
    const settings = parseYamlFile(text, "f").flatMap(({ path, value }) =>
      value === undefined ? [] : [[path.join("."), value]],
    );
    expect(settings).toEqual([
      ["a", "${X}"],
      ["b.c", "${X}"],
      ["b.d", "${X}-$${Y}"],
      ["b.e", ["${X}", "${Y}"]],
      ["f", "x${X}y"],
    ]);
  });

  it("may begin with a byte order mark and be empty but for comments", async () => {
    expect((await load({ "config.yaml": "\uFEFFserver: { port: 5 }" })).settings.server.port).toBe(5);
    expect((await load({ "config.yaml": "# nothing\n" })).settings.server.port).toBe(8642);
  });

  it("gives each setting its line and column", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/u), { minLength: 1, maxLength: 8 }),
        fc.nat(5),
        (keys, blankLines) => {
          const text = `${"\n".repeat(blankLines)}top:\n${keys.map((key) => `  k${key}: v-${key}\n`).join("")}`;
          const settings = parseYamlFile(text, "f").slice(1);
          expect(settings.map(({ path, value, source }) => ({ path, value, source }))).toEqual(
            keys.map((key, index) => ({
              path: ["top", `k${key}`],
              value: `v-${key}`,
              source: { kind: "yaml", file: "f", line: blankLines + 2 + index, column: 3 },
            })),
          );
        },
      ),
    );
  });
});

describe("gateway.json", () => {
  it.each([
    ['{"a": 1,\n "b" 2}', "gateway.json:2:6 is not valid JSON"],
    ['{"a": x}', "gateway.json is not valid JSON"],
    ["[]", "gateway.json holds no object"],
    ['{"a":{"__proto__":{"x":1}}}', "gateway.json has a key that cannot be used under `a`"],
  ])("that is malformed is refused: %s", async (json, message) => {
    expect(await loadFailure({ "gateway.json": json })).toContain(message);
  });
});

describe(".env", () => {
  const entriesOf = (text: string): Record<string, string> =>
    Object.fromEntries([...parseEnvironmentFile(text, ".env").entries].map(([name, { value }]) => [name, value]));

  it("understands export, quotes, comments and values over several lines", () => {
    const text = `# comment\nexport A=1\nB = 'two # words'  # comment\nC="line\\none\\"\\\\"\nD=#f#00\nE=a b # c\nF='first\nsecond'\nG=\`it's\`\r\nA=2`;
    expect(entriesOf(text)).toEqual({
      A: "2",
      B: "two # words",
      C: 'line\none"\\',
      D: "",
      E: "a b",
      F: "first\nsecond",
      G: "it's",
    });
  });

  it("keeps a quote that is never closed as part of the value", () => {
    expect(entriesOf(`A="open\nB=2`)).toEqual({ A: '"open', B: "2" });
  });

  it("warns of lines that say nothing", async () => {
    expect(warningsOf(await load({ ".env": "A=1\nTOKEN: 5\n\n" }))).toEqual([
      expect.stringContaining(".env:2 is neither `NAME=value` nor a comment"),
    ]);
  });

  it("reads what Node reads", () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/u);
    const plain = fc.stringMatching(/^[A-Za-z0-9:/.,@+=_-]{0,12}$/u);
    const quoted = fc.stringMatching(/^[A-Za-z0-9:/#$ .-]{0,12}$/u).map((text) => `'${text}'`);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.oneof(plain, quoted)), { maxLength: 6 }), (pairs) => {
        const text = pairs.map(([key, value]) => `${key}=${value}`).join("\n");
        expect(entriesOf(text)).toEqual({ ...parseEnv(text) });
      }),
    );
  });

  it("never becomes part of the process's environment", async () => {
    await load({ ".env": "HERMES_TEST_LEAK=1" });
    expect(process.env["HERMES_TEST_LEAK"]).toBeUndefined();
  });
});
