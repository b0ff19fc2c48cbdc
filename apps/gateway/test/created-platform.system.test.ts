import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { startProtocolServer } from "@hermes/testkit/server";
import { afterAll, expect, it } from "vitest";
import { serveHome, stop } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "hermes-created-"));
const created = join(folder, "hermes-platform-my-chat");
const [token, secret] = ["fake-token-for-tests", "fake-secret-for-tests"];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(cwd: string, command: string, ...parameters: readonly string[]): string {
  return execFileSync(command, parameters, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function install(cwd: string, ...packages: readonly string[]): void {
  run(cwd, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", ...packages);
}

function pack(name: string): string {
  run(join(root, "packages", name), "npx", "--yes", "pnpm@12", "pack", "--pack-destination", folder);
  return tarball(name);
}

function tarball(name: string): string {
  const file = readdirSync(folder).find((entry) => entry.endsWith(".tgz") && entry.replace(/^hermes-/u, "").startsWith(name));
  if (file === undefined) throw new Error(`There is no tarball of ${name}`);
  return join(folder, file);
}

/** What the new package talks to: it lets in, and keeps what is said. */
async function startChat() {
  const said: string[] = [];
  const server = await startProtocolServer({
    secrets: [token],
    routes: [
      { method: "GET", path: "/me", handle: () => ({ body: { id: "bot-1", name: "My bot" } }) },
      {
        method: "POST",
        path: "/chats/:chat/messages",
        handle(call) {
          said.push(`${call.parameters["chat"]}: ${(call.json() as { readonly text: string }).text}`);
          return { body: { id: `m${said.length}` } };
        },
      },
    ],
  });
  return { server, said };
}

it("A platform that was just begun passes its checks, is packed, and answers in a gateway", async () => {
  const ours = [pack("core"), pack("testkit")];
  const creator = pack("create-hermes-platform");
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  install(folder, creator);
  expect(run(folder, "npx", "create-hermes-platform", "my-chat")).toContain("hermes-platform-my-chat is there");

  // As from a registry: what the package asks for stays what it says.
  install(created, "--no-save", ...ours);
  run(created, "npm", "run", "check");
  expect(stripVTControlCharacters(run(created, "npm", "test"))).toMatch(/Tests\s+\d+ passed/u);
  run(created, "npm", "pack", "--pack-destination", folder);

  const { server, said } = await startChat();
  const home = await temporaryHome({
    "config.yaml": `server: { port: 0 }
platforms:
  my-chat: { use: hermes-platform-my-chat, token: ${token}, secret: ${secret}, apiRoot: "${server.url}", access: { allow: ["ada"] } }
`,
    "package.json": '{ "private": true }\n',
  });
  install(home, tarball("platform-my-chat"), ...ours);
  const { hermes, url } = await serveHome(home, {}, { isBuilt: true });
  await hermes.errorLine(/\[my-chat\] Connected as My bot/u);
  const delivery = {
    id: "d1",
    at: new Date().toISOString(),
    chat: { id: "c1", kind: "direct" },
    from: { id: "ada", name: "Ada", bot: false, self: false },
    message: { id: "p1", text: "hello", mentions_bot: true },
  };
  const headers = { "x-my-chat-secret": secret };
  const deliver = async () => fetch(`${url}/webhooks/my-chat`, { method: "POST", headers, body: JSON.stringify(delivery) });
  expect((await deliver()).status).toBe(204);
  await server.until(() => said.length > 0);
  expect((await deliver()).status).toBe(204);
  expect(said).toEqual([expect.stringMatching(/^c1: .*hello/u)]);
  await stop(hermes);
  await server.close();
});
