import { describe, expect, it } from "vitest";
import { serveHome, stop } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

const name = "@acme/hermes-platform-demo";
const root = `node_modules/${name}`;

/** A stranger's platform: a package of its own that imports nothing of ours. */
function packageFiles(connect: string): Readonly<Record<string, string>> {
  return {
    "config.yaml": `server: { port: 0 }\nplatforms: { demo: { use: "${name}", greeting: hello } }\n`,
    [`${root}/package.json`]: JSON.stringify({
      name,
      version: "1.0.0",
      type: "module",
      exports: { "./manifest": { default: "./manifest.js" } },
      hermes: { kind: "platform", api: 1, manifest: "./manifest" },
    }),
    [`${root}/manifest.js`]: `
const capabilities = { text: { maxLength: null, partsPerSend: 1, markdown: "none", tables: false }, inbound: { replay: "none", windowMs: 0 },
  sendWithoutListening: true, idempotentSend: false, edit: false, remove: false, live: false, typing: false, reactions: false, actions: false,
  commands: false, threads: false, directMessages: false, lookup: false, catchUp: false, listChats: false, media: { send: {}, receive: [] } };
export const manifest = {
  apiVersion: 1, kind: "demo", name: "Demo", description: "", documentationUrl: "https://example.com", capabilities,
  configuration: { "~standard": { version: 1, vendor: "x", validate: (value) => ({ value }) } },
  configurationJsonSchema: { type: "object", properties: { greeting: { type: "string" } } },
  secrets: [], environment: [], setup: [], display: "full", parseUserId: (text) => text, parseTarget: () => undefined,
  async load(id, configuration) {
    return { apiVersion: 1, id, kind: "demo", capabilities, claims: [], measure: (text) => text.length, async connect(host) {
      host.logger.info("says " + configuration.greeting);
      ${connect}
      return { identity: { id: "1", name: "demo" }, send: async (chat) => [{ ...chat.ref, messageId: "1" }], disconnect: async () => {} };
    } };
  },
};`,
  };
}

describe("a third party's platform in the home", () => {
  it("runs like any other, with its own configuration", async () => {
    const { hermes } = await serveHome(await temporaryHome(packageFiles("")));
    expect(hermes.output()).toContain("(demo, web)");
    await hermes.errorLine(/\[demo\] says hello/u);
    await hermes.errorLine(/\[demo\] Connected as demo/u);
    await stop(hermes);
  });

  it("with a fault that nobody catches ends the gateway with exit code 1, and the log says where it was", async () => {
    const home = await temporaryHome(packageFiles('setTimeout(() => { throw new Error("a bug of theirs"); }, 10);'));
    const { hermes } = await serveHome(home);
    expect(await hermes.ended()).toBe(1);
    const line = await hermes.errorLine(/a bug of theirs/u);
    expect(JSON.parse(line)).toMatchObject({
      level: "error",
      stack: expect.arrayContaining([expect.stringContaining("manifest.js")]) as unknown,
    });
  });
});
