import { describe, expect, it } from "vitest";
import { temporaryHome } from "../temporary-home.ts";
import { startHermes } from "./hermes.ts";

async function run(
  parts: readonly string[],
  files: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
) {
  const hermes = startHermes(parts, { home: await temporaryHome(files), environment, input: "" });
  return { code: await hermes.ended(), output: hermes.output(), errors: hermes.errors() };
}

describe("hermes", () => {
  it.each([[[]], [["--help"]], [["help"]]])("%j shows what there is, with examples", async (parts) => {
    const { code, output } = await run(parts);
    expect(code).toBe(0);
    expect(output).toMatch(/Usage: hermes[\s\S]*gateway[\s\S]*chat[\s\S]*config[\s\S]*Examples:\n {2}\$ hermes gateway run/u);
  });

  it("--version prints the version", async () => {
    expect(await run(["--version"])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+/u) as unknown,
      errors: "",
    });
  });

  it("says in one line that Node is too old, with exit code 78", async () => {
    const pretend = 'data:text/javascript,Object.defineProperty(process, "versions", { value: { node: "20.20.2" } })';
    expect(await run(["--version"], {}, { NODE_OPTIONS: `--import=${encodeURI(pretend)}` })).toEqual({
      code: 78,
      output: "",
      errors: "Hermes Gateway needs Node.js 22.12 or newer, this is 20.20.2. Get one from https://nodejs.org",
    });
  });

  it.each([
    [["gatway"], "unknown command 'gatway'\n(Did you mean gateway?)"],
    [["gateway", "rnu"], "unknown command 'rnu'\n(Did you mean run?)"],
    [["config", "explan"], "unknown command 'explan'\n(Did you mean explain?)"],
    [["chat", "--colour"], "unknown option '--colour'"],
    [["config", "explain", "a b"], "A key is a name with dots"],
  ])("%j is a mistake that is explained, with exit code 78", async (parts, message) => {
    const { code, errors } = await run(parts);
    expect(code).toBe(78);
    expect(errors).toContain(message);
  });
});

describe("hermes config explain", () => {
  it("shows value, source and what was overridden, and never a secret", async () => {
    const { code, output, errors } = await run(
      ["config", "explain"],
      {
        "config.yaml": "server: { port: 1, token: yaml-secret-token }",
        "gateway.json": '{"server":{"port":2}}',
        ".env": "HERMES_TOKEN=env-secret-token",
      },
      { HERMES_LOG_LEVEL: "debug" },
    );
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toContain(
      "server.port = 1\n    from config.yaml:1:11\n    over 2 from gateway.json\n    over 8642 from default\n",
    );
    expect(output).toContain(
      "server.token = (hidden)\n    from HERMES_TOKEN in .env:1\n    over (hidden) from config.yaml:1:20\n",
    );
    expect(output).toContain('log.level = "debug"\n    from environment variable HERMES_LOG_LEVEL\n    over "info" from default');
    expect(output).not.toContain("secret");
  });

  it("shows one key or all under it", async () => {
    expect((await run(["config", "explain", "server.port"])).output).toBe("server.port = 8642\n    from default");
    expect((await run(["config", "explain", "server"])).output).toBe(
      'server.host = "127.0.0.1"\n    from default\nserver.port = 8642\n    from default\nserver.trustedProxies = []\n    from default\nserver.allowAddresses = []\n    from default',
    );
  });

  it("explains a configuration that the gateway would refuse", async () => {
    const files = { "config.yaml": "server: { port: high }\nplatforms: { mastodont: { token: '${NOT_SET}' } }" };
    const { code, output } = await run(["config", "explain"], files);
    expect(code).toBe(0);
    expect(output).toContain('server.port = "high"');
    expect(output).toContain(
      "platforms.mastodont.token = (hidden)\n    from config.yaml:2:27\n    but the variable NOT_SET is not set",
    );
  });

  it("says that a key is not set, and what it is for", async () => {
    expect((await run(["config", "explain", "server.token"])).output).toMatch(/^server\.token is not set\. Bearer token/u);
  });

  it("knows no other keys, and says which may be meant", async () => {
    const { code, errors } = await run(["config", "explain", "server.prot"]);
    expect(code).toBe(78);
    expect(errors).toBe("server.prot: there is no such key. `hermes config explain` lists them. Did you mean `server.port`?");
  });

  it("writes nothing", async () => {
    const home = await temporaryHome({ "config.yaml": "" });
    const hermes = startHermes(["config", "explain"], { home, input: "" });
    await hermes.ended();
    const { readdir } = await import("node:fs/promises");
    expect(await readdir(home)).toEqual(["config.yaml"]);
  });
});
