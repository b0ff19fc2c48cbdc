import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createFindManifest } from "../../src/platforms/find-manifest.ts";
import { temporaryHome } from "../temporary-home.ts";
import { kinds, load, outcomeOf } from "./load.ts";

const remedy = (home: string): string => `Install it with \`npm install --prefix ${home} @hermes/platform-absent\`.`;

describe("a platform of ours whose package is not installed", () => {
  it("that is configured is switched off, and says what to install and where", async () => {
    const configuration = await load({ "config.yaml": "platforms: { absent: { token: x } }" });
    const outcome = outcomeOf(configuration, "absent");
    expect(outcome).toContain("the package `@hermes/platform-absent` is not installed");
    expect(outcome).toContain(remedy(configuration.home));
  });

  it("is meant by a token in the environment alone", async () => {
    const configuration = await load({}, { ABSENT_BOT_TOKEN: "not-a-real-token" });
    expect(outcomeOf(configuration, "absent")).toContain("the package `@hermes/platform-absent` is not installed");
  });

  it("is not meant by anything else that begins like it", async () => {
    const { platforms } = await load({}, { ABSENT_MINDED: "yes", ABSENT_TOKEN: " " });
    expect(platforms.some(({ id }) => id === "absent")).toBe(false);
  });

  it("is found once it is installed in the home", async () => {
    const home = await temporaryHome();
    const directory = join(home, "node_modules", "@hermes", "platform-absent");
    await mkdir(directory, { recursive: true });
    const hermes = { kind: "platform", api: 1, manifest: "./manifest" };
    const facts = {
      name: "@hermes/platform-absent",
      version: "1.0.0",
      type: "module",
      exports: { "./manifest": "./manifest.js" },
      hermes,
    };
    await writeFile(join(directory, "package.json"), JSON.stringify(facts));
    await writeFile(
      join(directory, "manifest.js"),
      `export const manifest = { apiVersion: 1, kind: "absent", name: "Absent", secrets: [], environment: [], setup: [],
        configuration: { "~standard": { version: 1, vendor: "x", validate: (value) => ({ value }) } },
        parseUserId: () => undefined, parseTarget: () => undefined, load: async () => { throw new Error("not here"); } };`,
    );
    expect(await createFindManifest(kinds, home)("absent")).toMatchObject({ kind: "absent", name: "Absent" });
  });

  it("is no excuse for a manifest that fails in another way", async () => {
    const broken = { absent: () => Promise.reject(new TypeError("a fault")) };
    await expect(createFindManifest(broken, await temporaryHome())("absent")).rejects.toThrow("a fault");
  });
});
