import { once } from "node:events";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findProgram } from "../../src/first-start/find-program.ts";
import { createMachine } from "../../src/first-start/machine.ts";
import { readLocal } from "../../src/first-start/read-local.ts";
import { readSources } from "../../src/config/sources.ts";
import { temporaryHome } from "../temporary-home.ts";

async function program(folder: string, name: string, mode = 0o755): Promise<string> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path, "#!/bin/sh\n");
  await chmod(path, mode);
  return path;
}

describe("A program on the path", () => {
  it("is found in the first folder that has it, as an absolute path", async () => {
    const home = await temporaryHome();
    const first = await program(join(home, "first"), "claude");
    await program(join(home, "second"), "claude");
    expect(await findProgram("claude", [join(home, "none"), join(home, "first"), join(home, "second")].join(delimiter))).toBe(
      first,
    );
    await symlink(first, join(home, "second", "linked"));
    expect(await findProgram("linked", join(home, "second"))).toBe(join(home, "second", "linked"));
  });

  it("is none where it cannot be started: a folder, a file for reading, a link that leads nowhere", async () => {
    const home = await temporaryHome();
    await mkdir(join(home, "folder"));
    await program(home, "text", 0o644);
    await symlink(join(home, "gone"), join(home, "link"));
    for (const name of ["folder", "text", "link"]) expect(await findProgram(name, home)).toBeUndefined();
  });

  it("is looked for neither in relative folders, nor in ones whose names a configuration would read otherwise", async () => {
    const home = await temporaryHome();
    await program(join(home, "${HOME}"), "claude");
    const relative = await program(join(home, "bin"), "claude");
    const path = ["", ".", "bin", relative.slice(1), `${home}\0`, join(home, "${HOME}")].join(delimiter);
    expect(await findProgram("claude", path)).toBeUndefined();
    expect(await findProgram("claude", "")).toBeUndefined();
  });

  it("is named plainly: no path, no argument, nothing that goes up", async () => {
    const home = await temporaryHome();
    await program(join(home, "bin"), "claude");
    for (const name of ["../bin/claude", "bin/claude", "", ".", "..", "claude acp", "claude\0"])
      expect(await findProgram(name, join(home, "bin"))).toBeUndefined();
  });
});

it("A variable is known by its name, from the environment and from .env; an empty one is none", async () => {
  const home = await temporaryHome({ ".env": "FROM_FILE=one\nEMPTY=\n" });
  const environment = { HERMES_HOME: home, FROM_PROCESS: "two", BLANK: " " };
  const { variables } = await readSources(environment);
  const machine = createMachine(environment, variables);
  const names = ["FROM_FILE", "FROM_PROCESS", "EMPTY", "BLANK", "ABSENT", "__proto__"];
  expect(names.filter((name) => machine.hasVariable(name))).toEqual(["FROM_FILE", "FROM_PROCESS"]);
});

async function serve(handle: RequestListener): Promise<number> {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

describe("A server on this machine", () => {
  it("is read by each of the machine's own names", async () => {
    const port = await serve((request, response) => response.end(JSON.stringify({ asked: request.url })));
    for (const host of ["127.0.0.1", "localhost"])
      expect(await readLocal(`http://${host}:${port}/api/tags?a=1`)).toEqual({ asked: "/api/tags?a=1" });
  });

  it.each([
    ["garbage", (_, response) => void response.end("<html>")],
    ["nothing", (_, response) => void response.end()],
    ["an error", (_, response) => void response.writeHead(500).end("{}")],
    ["bytes that are no text", (_, response) => void response.end(Buffer.from([0x22, 0xff, 0x22]))],
    ["a connection that breaks off", (_, response) => void response.socket?.destroy()],
    ["more than it may", (_, response) => void response.end(JSON.stringify("x".repeat(300_000)))],
  ] satisfies readonly (readonly [string, RequestListener])[])("that answers %s is none", async (_, handle) => {
    expect(await readLocal(`http://127.0.0.1:${await serve(handle)}/`)).toBeUndefined();
  });

  it("that sends on elsewhere is not followed", async () => {
    let isReached = false;
    const other = await serve((_, response) => {
      isReached = true;
      response.end("{}");
    });
    const port = await serve((_, response) => void response.writeHead(302, { location: `http://127.0.0.1:${other}/` }).end("{}"));
    expect(await readLocal(`http://127.0.0.1:${port}/`)).toBeUndefined();
    expect(isReached).toBe(false);
  });

  it.each([
    ["at once", () => undefined],
    ["in the middle", (_, response) => void response.writeHead(200).write("{")],
  ] satisfies readonly (readonly [string, RequestListener])[])(
    "that hangs %s is given up within its second",
    async (_, handle) => {
      const begun = performance.now();
      expect(await readLocal(`http://127.0.0.1:${await serve(handle)}/`)).toBeUndefined();
      expect(performance.now() - begun).toBeLessThan(2500);
    },
  );

  it("is nowhere else: other machines, other schemes and addresses with a name and password are not asked", async () => {
    const port = await serve((_, response) => void response.end("{}"));
    for (const address of [
      `http://127.0.0.2:${port}/`,
      `http://0.0.0.0:${port}/`,
      `http://127.0.0.1.example.org:${port}/`,
      `http://ada:secret@127.0.0.1:${port}/`,
      `https://127.0.0.1:${port}/`,
      "file:///etc/hostname",
      "no address",
    ])
      expect(await readLocal(address), address).toBeUndefined();
    expect(await readLocal(`http://127.0.0.1:${port}/`)).toEqual({});
  });
});
