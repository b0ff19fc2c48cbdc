import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkTool } from "../../src/tools/mcp/check-tool.ts";
import { toolName } from "../../src/tools/mcp/names.ts";
import { defineTool, done } from "../../src/tools/define-tool.ts";
import { toolsConfigurationSchema } from "../../src/tools/index.ts";
import { temporaryFolder, testContext, testHost, testTools } from "./context.ts";

describe("The configuration of the tools", () => {
  const faultOf = (configuration: unknown): string => {
    const parsed = toolsConfigurationSchema.safeParse(configuration);
    return parsed.success ? "" : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n");
  };

  it("may be empty, and says in words what does not fit", () => {
    expect(faultOf({})).toBe("");
    expect(faultOf({ roots: ["work"] })).toBe("roots.0: Expected an absolute path of a folder, such as /home/ada/work");
    expect(faultOf({ messages: { targets: ["telegram"] } })).toMatch(
      /^messages\.targets\.0: Expected a target as people write it/u,
    );
    expect(faultOf({ mcpServers: { "Git Hub": { command: "x" } } })).toMatch(/Git Hub: .*(?:Invalid key|Expected a name)/u);
    expect(faultOf({ mcpServers: { one: { command: "x", url: "https://example.org" } } })).toMatch(
      /^mcpServers\.one: Expected a server with `command`/u,
    );
    expect(faultOf({ mcpServers: { one: { url: "https://ada:secret@example.org" } } })).not.toBe("");
    expect(faultOf({ mcpServers: { one: { url: "file:///x" } } })).not.toBe("");
    expect(faultOf({ terminal: { approval: "never" } })).toMatch(/^terminal\.approval: /u);
    expect(faultOf({ terminal: { environment: { "A B": "x" } } })).not.toBe("");
    expect(faultOf({ unknown: 1 })).not.toBe("");
  });

  it("can be described for editors", () => {
    expect(z.toJSONSchema(toolsConfigurationSchema, { io: "input" })).toMatchObject({ type: "object" });
  });

  it("gives every tool a name of its own, one set, and a description in the same bytes each time", async () => {
    using folder = temporaryFolder();
    const sets = ["terminal", "files", "web", "memory", "clarify", "messages"];
    const describeAll = async (): Promise<string> => {
      await using tools = testTools({ roots: [folder.path] }, testHost(folder.path), sets);
      const list = await tools.tools(...sets);
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
      for (const { name, set, inputSchema } of list) {
        expect(name).toMatch(/^[a-z][a-z0-9_]{0,63}$/u);
        expect(sets).toContain(set);
        expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
        expect((await tools.tools(set)).map((tool) => tool.name)).toContain(name);
      }
      return JSON.stringify(list);
    };
    expect(await describeAll()).toBe(await describeAll());
  });
});

describe("A tool of one's own", () => {
  const greet = defineTool({
    name: "greet",
    set: "mine",
    description: "Greets.",
    input: z.strictObject({ name: z.string() }),
    title: ({ name }) => `Greet ${name}`,
    effect: ({ name }) => (name === "Ada" ? "none" : "once"),
    run: async ({ name }) => (name === "nobody" ? Promise.reject(new Error("There is nobody.")) : done(`Hello ${name}`)),
  });
  const read = (name: string) => {
    const call = greet.read({ name });
    if (typeof call === "string") throw new Error(call);
    return call;
  };

  it("has its title and its effect by what it is called with", () => {
    expect(read("Ada")).toMatchObject({ title: "Greet Ada", effect: "none" });
    expect(read("Grace").effect).toBe("once");
    expect(read(`A\u202E\n${"x".repeat(500)}`).title).toMatch(/^Greet A x{150,}…$/u);
  });

  it("fails with what it threw, and rejects only where it was stopped", async () => {
    expect(await read("nobody").run(testContext())).toEqual({ outcome: "failed", text: "There is nobody." });
    await expect(read("Ada").run(testContext({ signal: AbortSignal.abort("stop") }))).rejects.toBe("stop");
  });
});

describe("The name of a server's tool", () => {
  it("is one that providers take, the same each time, and never that of another", () => {
    const part = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.constantFrom("a_b", "a-b", "A_b", "a b", "a", "b_c", "c", "x".repeat(80)),
    );
    const server = fc.constantFrom("a", "a_b", "a-b", "b");
    fc.assert(
      fc.property(server, part, server, part, (one, tool, other, second) => {
        const [first, last] = [toolName(one, tool), toolName(other, second)];
        expect(first).toMatch(/^mcp_[a-z0-9_]{1,60}$/u);
        expect(first === last).toBe(one === other && tool === second);
      }),
    );
    expect(toolName("github", "create_issue")).toBe("mcp_github_create_issue");
  });
});

describe("What a server tells of a tool", () => {
  const told = (more: object) => checkTool({ name: "x", inputSchema: { type: "object" }, ...more });

  it("is not offered where it is out of bounds", () => {
    let deep: object = { type: "string" };
    for (let level = 0; level < 20; level += 1) deep = { type: "object", properties: { a: deep } };
    for (const more of [
      { name: "" },
      { name: "x".repeat(300) },
      { inputSchema: { type: "string" } },
      { inputSchema: [] },
      { inputSchema: { type: "object", description: "x".repeat(40_000) } },
      { inputSchema: deep },
    ]) {
      expect(told(more)).toBeTypeOf("string");
    }
  });

  it("is cleaned of what nobody sees and of references elsewhere", () => {
    expect(
      told({
        description: "a\u200Bb\u001B[31m",
        inputSchema: {
          $schema: "https://example.org/schema",
          type: "object",
          properties: { a: { $ref: "https://example.org/a" }, b: { $ref: "#/properties/c", description: "x\u202Ey" } },
        },
      }),
    ).toMatchObject({
      description: "ab",
      inputSchema: { type: "object", properties: { a: {}, b: { $ref: "#/properties/c", description: "xy" } } },
    });
  });
});
