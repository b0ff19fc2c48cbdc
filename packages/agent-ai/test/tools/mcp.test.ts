import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFakeClock, type FakeClock } from "@hermes/testkit";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { describe, expect, it, vi } from "vitest";
import { temporaryFolder, testContext, testHost, testTools, testTurn, type TestHost } from "./context.ts";
import { startHttpMcpServer } from "./mcp-http.ts";

const program = fileURLToPath(new URL("mcp-stdio.ts", import.meta.url));
const token = "the-token-of-ada";

/** A configured server by standard streams, with a file it marks. */
function stdio(path: string, more: object = {}) {
  const mark = join(path, "mark");
  return { command: process.execPath, args: ["--disable-warning=ExperimentalWarning", program, mark], ...more };
}

const marked = (path: string): string => (existsSync(join(path, "mark")) ? readFileSync(join(path, "mark"), "utf8") : "");

function mcpTools(servers: object, host: TestHost) {
  return testTools(
    { mcpServers: servers },
    host,
    Object.keys(servers).map((name) => `mcp:${name}`),
  );
}

describe("The test's server", () => {
  it("is one that the vendor's own client takes for one, by both ways", async () => {
    using folder = temporaryFolder();
    await using server = await startHttpMcpServer(token, join(folder.path, "mark"));
    const headers = { authorization: `Bearer ${token}` };
    for (const transport of [
      new StdioClientTransport({ ...stdio(folder.path), stderr: "ignore" }),
      new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit: { headers } }),
    ]) {
      const client = new Client({ name: "test", version: "1" });
      await client.connect(transport);
      expect((await client.listTools()).tools.map(({ name }) => name)).toContain("echo");
      expect(await client.callTool({ name: "echo", arguments: { text: "hi" } })).toMatchObject({ content: [{ text: "hi" }] });
      await client.close();
    }
  });
});

describe("A server by standard streams", () => {
  it("is started when its set is asked for, and only then", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path), two: { command: "/nowhere/at-all" } }, testHost(folder.path));
    expect(await tools.tools("mcp:three", "web")).toMatchObject([{ name: "web_fetch" }]);
    const names = (await tools.tools("mcp:one")).map(({ name, set }) => [name, set]);
    expect(names).toContainEqual(["mcp_one_echo", "mcp:one"]);
    expect(tools.host.lines.filter((line) => line.includes("mcp:two"))).toEqual([]);
    expect(await tools.call("mcp_one_echo", { text: "hi" })).toMatchObject({
      outcome: "done",
      text: expect.stringContaining('<untrusted_data from="MCP server one">\nhi\n</untrusted_data>'),
    });
  });

  it("is described within bounds, in the same bytes each time", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path) }, testHost(folder.path));
    const list = await tools.tools("mcp:one");
    expect(JSON.stringify(await tools.tools("mcp:one"))).toBe(JSON.stringify(list));
    for (const { name, description } of list) {
      expect(name).toMatch(/^[a-z][a-z0-9_]{0,63}$/u);
      expect(description.length).toBeLessThanOrEqual(2000);
    }
    expect(list.find(({ name }) => name === "mcp_one_echo")?.description).toBe("Says it back.");
    expect(list.find(({ name }) => name === "mcp_one_echo")?.read("text")).toBe("The input of mcp_one_echo has to be an object.");
  });

  it("answers with text, pictures, links and structures, each within bounds", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path) }, testHost(folder.path));
    expect(await tools.call("mcp_one_fail", {})).toMatchObject({
      outcome: "failed",
      text: expect.stringContaining("It is broken"),
    });
    const long = await tools.call("mcp_one_long", {});
    expect(long.text.length).toBeLessThan(31_000);
    expect(long.text).toMatch(/begin y[^]*left out[^]*y end/u);
    expect((await tools.call("mcp_one_structured", {})).text).toContain('{"a":1}');
    const context = testContext();
    const { text } = await tools.call("mcp_one_picture", {}, context);
    expect(text).toContain("[image image-1.png: the reader sees it, you do not]");
    expect(text).toContain("that cannot be shown");
    expect(text).toContain("[resource passwd: file:///etc/passwd]");
    expect(text).toContain("inside");
    expect(context.events).toMatchObject([{ type: "file", file: { kind: "image", name: "image-1.png", sizeBytes: 7 } }]);
    const [event] = context.events;
    if (event?.type !== "file") throw new Error("no file");
    expect(await new Response(await event.file.open()).text()).toBe("picture");
  });

  it("class 26: what it says cannot end the mark that says it is data", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path) }, testHost(folder.path));
    const context = testContext({ approves: true });
    const { text } = await tools.call("mcp_one_hostile", {}, context);
    expect(text.match(/<\/untrusted_data>/gu)).toHaveLength(1);
    expect(context.events).toEqual([]);
    expect(context.asked).toEqual([]);
    expect(tools.host.deliveries).toEqual([]);
  });

  it("classes 27 and 32: sees no variable of the gateway, and its secrets are kept out of the log", async () => {
    using folder = temporaryFolder();
    vi.stubEnv("SECRET_OF_THE_GATEWAY", "1234");
    try {
      const host = testHost(folder.path);
      await using tools = mcpTools({ one: stdio(folder.path, { env: { SECRET: "token-of-one" } }) }, host);
      const { text } = await tools.call("mcp_one_environment", {});
      expect(text).toMatch(/\bHOME,LANG,PATH,(?:PWD,)?SECRET\b/u);
      expect(text).not.toContain("SECRET_OF_THE_GATEWAY");
      expect(new Set(host.concealed)).toEqual(new Set(["token-of-one"]));
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("that crashes in a call fails this call, and the next one starts it again", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path) }, testHost(folder.path));
    const crashed = await tools.call("mcp_one_crash", {});
    expect(crashed).toMatchObject({
      outcome: "failed",
      text: expect.stringContaining("It is not known whether it did anything."),
    });
    expect(await tools.call("mcp_one_echo", { text: "again" })).toMatchObject({ outcome: "done" });
    expect(marked(folder.path)).toBe("crashes\n");
  });

  it("that does not answer is told that nobody waits any more", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path, { timeoutMs: 300 }) }, testHost(folder.path));
    expect(await tools.call("mcp_one_hang", {})).toMatchObject({
      outcome: "failed",
      text: expect.stringContaining("did not answer"),
    });
    await vi.waitFor(() => expect(marked(folder.path)).toBe("hangs\ncancelled\n"));
    expect(await tools.call("mcp_one_echo", { text: "still there" })).toMatchObject({ outcome: "done" });
  });

  it("is told when the turn is stopped", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path) }, testHost(folder.path));
    const stop = new AbortController();
    const call = tools.call("mcp_one_hang", {}, testContext({ turn: testTurn({ signal: stop.signal }) }));
    await vi.waitFor(() => expect(marked(folder.path)).toBe("hangs\n"));
    stop.abort("stop");
    await expect(call).rejects.toBe("stop");
    await vi.waitFor(() => expect(marked(folder.path)).toContain("cancelled"));
  });

  it("ends when the agent is closed, with everything it started", async () => {
    using folder = temporaryFolder();
    const tools = mcpTools({ one: stdio(folder.path) }, testHost(folder.path));
    const { text } = await tools.call("mcp_one_spawn", {});
    const pid = Number(/pid (\d+)/u.exec(text)?.[1]);
    expect(() => process.kill(pid, 0)).not.toThrow();
    await tools[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(isGone(pid)).toBe(true));
    expect(await tools.tools("mcp:one")).toEqual([]);
  });

  it("offers what is new from the next turn on", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path) }, testHost(folder.path));
    const before = await tools.tools("mcp:one");
    await tools.call("mcp_one_grow", {});
    expect(before.map(({ name }) => name)).not.toContain("mcp_one_added");
    await vi.waitFor(async () => expect((await tools.tools("mcp:one")).map(({ name }) => name)).toContain("mcp_one_added"));
  });
});

describe("What a configuration says of a server", () => {
  it("limits its tools, and says whether its hints count", async () => {
    using folder = temporaryFolder();
    const effects = async (more: object) => {
      await using tools = mcpTools(
        { one: stdio(folder.path, { tools: ["echo", "Do-It", "fail"], ...more }) },
        testHost(folder.path),
      );
      const calls = (await tools.tools("mcp:one")).map((tool) => [tool.name.slice(0, 13), tool.read({})] as const);
      return Object.fromEntries(calls.map(([name, call]) => [name, typeof call === "string" ? call : call.effect]));
    };
    expect(await effects({})).toEqual({ mcp_one_do_it: "once", mcp_one_echo: "once", mcp_one_fail: "once" });
    expect(await effects({ trusted: true })).toEqual({ mcp_one_do_it: "repeatable", mcp_one_echo: "none", mcp_one_fail: "once" });
    expect(await effects({ effect: "none" })).toEqual({ mcp_one_do_it: "none", mcp_one_echo: "none", mcp_one_fail: "none" });
  });

  it("has people asked before each call, who see all of it", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path, { approval: "always" }) }, testHost(folder.path));
    const context = testContext();
    const name = (await tools.tools("mcp:one")).find((tool) => tool.name.startsWith("mcp_one_do_it"))?.name ?? "";
    expect(await tools.call(name, { a: 1 }, context)).toEqual({ outcome: "denied", text: "Ada said no." });
    expect(context.asked).toEqual([
      { reason: "Calls Do-It of the server one.", exact: 'Do-It {\n  "a": 1\n}', remember: expect.any(String) },
    ]);
    expect((await tools.call(name, { a: "x".repeat(3000) }, testContext({ approves: true }))).outcome).toBe("denied");
    expect(marked(folder.path)).toBe("");
    expect(await tools.call(name, {}, testContext({ approves: true }))).toMatchObject({ outcome: "done" });
    expect(marked(folder.path)).toBe("did it\n");
  });
});

describe("A server that changes a tool", () => {
  it("has people asked again, whatever they said of what it was before", async () => {
    using folder = temporaryFolder();
    await using tools = mcpTools({ one: stdio(folder.path, { approval: "always" }) }, testHost(folder.path));
    const remembered: unknown[] = [];
    for (const _ of [1, 2, 3]) {
      const name = (await tools.tools("mcp:one")).find((tool) => tool.name.startsWith("mcp_one_do_it"))?.name ?? "";
      const context = testContext();
      await tools.call(name, {}, context);
      remembered.push(context.asked[0]?.remember);
      if (remembered.length === 2) await tools.call("mcp_one_change", {}, testContext({ approves: true }));
    }
    expect(remembered[1]).toBe(remembered[0]);
    expect(remembered[2]).not.toBe(remembered[0]);
  });
});

describe("Servers that fail", () => {
  it("leave the others alone, are logged once and tried again later and later", async () => {
    using folder = temporaryFolder();
    const clock: FakeClock = createFakeClock();
    const host = testHost(folder.path, { clock });
    await using tools = mcpTools({ bad: { command: "/nowhere/at-all" }, good: stdio(folder.path) }, host);
    const complaints = () => host.lines.filter((line) => line.includes("[mcp:bad]"));
    for (const waitMs of [0, 500, 600, 1000, 2500]) {
      await clock.advance(waitMs);
      expect((await tools.tools("mcp:bad", "mcp:good")).every(({ set }) => set === "mcp:good")).toBe(true);
    }
    expect(complaints()).toEqual([
      "warn [mcp:bad] Has no tools for now: spawn /nowhere/at-all ENOENT. It is tried again with later turns.",
    ]);
    const source = tools.sources.at(-1);
    expect(await source?.reload?.(new AbortController().signal)).toBe("- bad: spawn /nowhere/at-all ENOENT\n- good: 13 tools");
  });

  it("that only write something, or say nothing at all, are ended with the agent", async () => {
    using folder = temporaryFolder();
    const pidFile = join(folder.path, "pid");
    const script = `echo hello; echo $$ > ${pidFile}; exec sleep 600`;
    const tools = mcpTools({ silent: { command: "/bin/sh", args: ["-c", script] } }, testHost(folder.path));
    const stop = new AbortController();
    const asked = Promise.all(tools.sources.map((source) => source.tools(["mcp:silent"], stop.signal)));
    const pid = await vi.waitFor(() => Number(readFileSync(pidFile, "utf8")) || Promise.reject(new Error("not yet")));
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
    await tools[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(isGone(pid)).toBe(true));
  });
});

describe("A server by streamable HTTP", () => {
  const at = (url: string, authorization = `Bearer ${token}`) => ({ url, headers: { authorization } });

  it("is asked with its headers", async () => {
    using folder = temporaryFolder();
    await using server = await startHttpMcpServer(token, join(folder.path, "mark"));
    await using tools = mcpTools({ web: at(`${server.url}/mcp`) }, testHost(folder.path));
    expect(await tools.call("mcp_web_echo", { text: "hi" })).toMatchObject({
      outcome: "done",
      text: expect.stringContaining("hi"),
    });
  });

  it("that refuses has no tools, and its token is in no line of the log", async () => {
    using folder = temporaryFolder();
    await using server = await startHttpMcpServer(token, join(folder.path, "mark"));
    const host = testHost(folder.path);
    await using tools = mcpTools({ web: at(`${server.url}/mcp`, "Bearer a-wrong-token") }, host);
    expect(await tools.tools("mcp:web")).toEqual([]);
    expect(host.lines).toHaveLength(1);
    expect(host.lines.join("")).not.toContain("a-wrong-token");
    expect(host.concealed).toEqual(["Bearer a-wrong-token", "a-wrong-token"]);
  });

  it("class 29: is not followed to another host with its headers", async () => {
    using folder = temporaryFolder();
    await using other = await startHttpMcpServer(token, join(folder.path, "other"));
    await using server = await startHttpMcpServer(token, join(folder.path, "mark"));
    await using tools = mcpTools({ web: at(`${server.url}/to?${other.url}/mcp`) }, testHost(folder.path));
    expect(await tools.tools("mcp:web")).toEqual([]);
    expect(server.requests.length).toBeGreaterThan(0);
    expect(other.requests).toEqual([]);
  });
});

function isGone(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/u.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}
