import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { platformPackages } from "../src/platforms/manifest-shape.ts";
import { loadThirdParty } from "../src/platforms/third-party.ts";
import { temporaryHome } from "./temporary-home.ts";

interface PackageFiles {
  readonly hermes?: unknown;
  readonly exports?: unknown;
  readonly manifest?: string;
}

const goodExports = { "./manifest": { types: "./manifest.d.ts", default: "./manifest.js" } };
const goodFacts = { kind: "platform", api: 1, manifest: "./manifest" };
const goodManifest = `export const manifest = {
  apiVersion: 1, kind: "zulip", name: "Zulip", description: "", documentationUrl: "https://example.com", capabilities: {},
  configuration: { "~standard": { version: 1, vendor: "x", validate: (value) => ({ value }) } }, configurationJsonSchema: {},
  secrets: [], environment: [], setup: [], display: "full",
  parseUserId: (text) => text, parseTarget: () => undefined, load: async () => { throw new Error("not here"); },
};`;
const throws = 'throw new Error("this code must not run");';

async function homeWith(name: string, files: PackageFiles, root?: string): Promise<string> {
  const home = root ?? (await temporaryHome());
  const directory = join(home, "node_modules", name);
  await mkdir(directory, { recursive: true });
  const facts = { name, version: "1.0.0", type: "module", exports: files.exports ?? goodExports, hermes: files.hermes };
  await writeFile(join(directory, "package.json"), JSON.stringify(facts));
  await writeFile(join(directory, "manifest.js"), files.manifest ?? goodManifest);
  return home;
}

describe("a third party's package", () => {
  it("is found in the home, and its manifest is given", async () => {
    const home = await homeWith("@acme/hermes-platform-zulip", { hermes: goodFacts });
    expect(await loadThirdParty("@acme/hermes-platform-zulip", home, platformPackages)).toMatchObject({
      kind: "zulip",
      name: "Zulip",
    });
  });

  it("may be a link, as package managers make them", async () => {
    const elsewhere = await homeWith("zulip-platform", { hermes: goodFacts });
    const home = await temporaryHome();
    await mkdir(join(home, "node_modules"));
    await symlink(join(elsewhere, "node_modules", "zulip-platform"), join(home, "node_modules", "zulip-platform"));
    expect(await loadThirdParty("zulip-platform", home, platformPackages)).toMatchObject({ kind: "zulip" });
  });

  it.each([
    ["says nothing about Hermes", undefined, "is not a platform for Hermes"],
    ["is something else", { ...goodFacts, kind: "agent" }, "is not a platform for Hermes"],
    ["was made for a newer gateway", { ...goodFacts, api: 2 }, "needs version 2 of the platform interface, this gateway has 1"],
    ["does not say where its manifest is", { kind: "platform", api: 1 }, "does not say where its manifest is"],
    ["points out of itself", { ...goodFacts, manifest: "./../../evil" }, "does not say where its manifest is"],
    ["points at what it does not export", { ...goodFacts, manifest: "./other" }, "does not export `./other`"],
  ])("that %s is refused before any of its code runs", async (_what, hermes, fault) => {
    const home = await homeWith("@acme/x-y", { hermes, manifest: throws });
    expect(await loadThirdParty("@acme/x-y", home, platformPackages)).toEqual({
      fault: expect.stringContaining(fault) as unknown,
      remedy: expect.any(String) as unknown,
    });
  });

  it("whose export leads out of the package is refused before it runs", async () => {
    const home = await homeWith("@acme/x-y", { hermes: goodFacts, manifest: throws });
    const outside = join(await temporaryHome({ "outside.js": throws }), "outside.js");
    const path = join(home, "node_modules", "@acme/x-y", "manifest.js");
    const { rm } = await import("node:fs/promises");
    await rm(path);
    await symlink(outside, path);
    expect(await loadThirdParty("@acme/x-y", home, platformPackages)).toMatchObject({
      fault: expect.stringContaining("does not export") as unknown,
    });
  });

  it.each([
    ["exports no manifest", "export const other = 1;", "exports no `manifest`"],
    ["has a manifest of another contract", "export const manifest = { apiVersion: 2 };", "is not of `apiVersion` 1"],
    [
      "has a manifest without functions",
      goodManifest.replace("parseUserId: (text) => text,", ""),
      "has no function `parseUserId`",
    ],
    ["fails when it is loaded", 'throw new Error("broken inside");', "cannot be loaded: broken inside"],
  ])("that %s is refused", async (_what, manifest, fault) => {
    const home = await homeWith("@acme/x-y", { hermes: goodFacts, manifest });
    expect(await loadThirdParty("@acme/x-y", home, platformPackages)).toMatchObject({
      fault: expect.stringContaining(fault) as unknown,
    });
  });

  it("that is not installed is answered with how to install it", async () => {
    const home = await temporaryHome();
    expect(await loadThirdParty("@acme/absent", home, platformPackages)).toEqual({
      fault: "the package `@acme/absent` is not installed",
      remedy: `Install it with \`npm install --prefix ${home} @acme/absent\`.`,
    });
  });

  it("is not looked for above the home", async () => {
    const above = await homeWith("@acme/x-y", { hermes: goodFacts, manifest: throws });
    const home = join(above, "deeper", "home");
    await mkdir(home, { recursive: true });
    expect(await loadThirdParty("@acme/x-y", home, platformPackages)).toMatchObject({
      fault: expect.stringContaining("is not installed") as unknown,
    });
  });

  it.each(["../evil", "/etc/evil", "node:fs", "file:///evil", "@acme/../x", "Upper-Case", "a/b/c", ""])(
    "is never found by the path `%s`",
    async (name) => {
      const home = await temporaryHome();
      expect(await loadThirdParty(name, home, platformPackages)).toMatchObject({
        fault: expect.stringContaining("is not the name of a package") as unknown,
      });
      expect(dirname(home)).toBeTruthy();
    },
  );
});
