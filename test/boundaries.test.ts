import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { filesBelow, importsOf, packages, read, root, withoutComments } from "./repository.ts";

/** Which of our own packages each room's source may import. `apps/*` compose whatever they like. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  markdown: [],
  http: ["@hermes/core"],
  media: ["@hermes/core", "@hermes/http"],
  runtime: ["@hermes/core"],
  store: ["@hermes/core", "@hermes/runtime"],
  protocol: ["@hermes/core"],
  testkit: ["@hermes/core"],
  "create-hermes-platform": [],
  "platform-web": ["@hermes/core", "@hermes/markdown", "@hermes/protocol"],
};
const platformMayImport = ["@hermes/core", "@hermes/http", "@hermes/markdown"];

/** The door for tests is the one part of the runtime that stands on the test kit. */
const testingFolder = "packages/runtime/src/testing";

function ownName(specifier: string): string | undefined {
  return /^@hermes\/[^/]+/u.exec(specifier)?.[0];
}

describe("The rooms", () => {
  const rooms = packages().filter(({ path }) => path.startsWith("packages/"));

  it.each(rooms.map((room) => [room.folder, room] as const))("%s imports only what its place allows", (folder, room) => {
    const allowed = mayImport[folder] ?? (/^(?:platform|agent)-/u.test(folder) ? platformMayImport : undefined);
    expect(allowed, `test/boundaries.test.ts does not say what ${room.path} may import`).toBeDefined();
    for (const file of filesBelow(`${room.path}/src`)) {
      for (const specifier of importsOf(file)) {
        const name = ownName(specifier);
        if (name === "@hermes/testkit" && file.startsWith(testingFolder)) continue;
        if (name !== undefined && name !== room.manifest.name) expect(allowed, `${file} imports ${specifier}`).toContain(name);
      }
    }
  });

  it("are entered by their doors: no relative import leaves a package's source", () => {
    for (const room of packages()) {
      for (const file of filesBelow(`${room.path}/src`)) {
        for (const specifier of importsOf(file).filter((name) => name.startsWith("."))) {
          const target = relative(root, resolve(root, dirname(file), specifier));
          expect(target.startsWith(`${room.path}/`), `${file} imports ${specifier}`).toBe(true);
        }
      }
    }
  });

  it("open only the doors that are exported", () => {
    const doors = new Map(packages().map(({ manifest }) => [manifest.name, Object.keys(manifest.exports ?? {})]));
    for (const room of packages()) {
      for (const file of [...filesBelow(`${room.path}/src`), ...filesBelow(`${room.path}/test`)]) {
        for (const specifier of importsOf(file)) {
          const name = ownName(specifier);
          if (name === undefined) continue;
          expect(doors.get(name), `${file} imports ${specifier}`).toContain(`.${specifier.slice(name.length)}`);
        }
      }
    }
  });

  it("say what they use: every imported package is among the package's own", () => {
    for (const room of packages()) {
      const { dependencies, peerDependencies, devDependencies } = room.manifest;
      const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies }));
      for (const file of filesBelow(`${room.path}/src`)) {
        for (const specifier of importsOf(file)) {
          if (/^(?:\.|#|node:)/u.test(specifier)) continue;
          const name = specifier
            .split("/")
            .slice(0, specifier.startsWith("@") ? 2 : 1)
            .join("/");
          expect(name === room.manifest.name || declared.has(name), `${file} imports ${specifier}`).toBe(true);
        }
      }
    }
  });
});

describe("Shared code", () => {
  const shared = ["core", "http", "markdown", "media", "runtime", "store", "protocol", "testkit"].flatMap((folder) =>
    filesBelow(`packages/${folder}/src`),
  );
  const ours = packages().flatMap(({ folder }) => /^platform-(.+)$/u.exec(folder)?.[1] ?? []);
  const known =
    "telegram discord slack matrix whatsapp signal mattermost dingtalk feishu lark wecom weixin wechat qq yuanbao line teams twilio bluebubbles".split(
      " ",
    );
  const doors = new Set(["web", "webhook", "openai-api"]);
  const names = [...new Set([...ours, ...known])].filter((name) => !doors.has(name));

  it("names no platform", () => {
    // `line`, `teams`, `signal` and `matrix` are ordinary words too: only as strings do they mean the platform.
    const ordinary = new Set(["line", "teams", "signal", "matrix"]);
    for (const file of shared) {
      const code = withoutComments(read(file));
      for (const name of names) {
        const pattern = ordinary.has(name) ? new RegExp(`["'\`]${name}["'\`]`, "iu") : new RegExp(`\\b${name}\\b`, "iu");
        const line = code.split("\n").find((text) => pattern.test(text));
        expect(line, `${file} names ${name}`).toBeUndefined();
      }
    }
  });
});

describe("The environment", () => {
  it("is read in one file of the gateway", () => {
    const readers = packages()
      .filter(({ manifest }) => manifest.name !== "@hermes/bench")
      .flatMap(({ path }) => filesBelow(`${path}/src`))
      .filter((file) => /\bprocess\.env\b/u.test(withoutComments(read(file))));
    expect(readers).toEqual(["apps/gateway/src/config/environment.ts"]);
  });
});

describe("The name MessageEvent", () => {
  it("is imported wherever it is used: the DOM has a global of the same name", () => {
    const files = packages().flatMap(({ path }) => [...filesBelow(`${path}/src`), ...filesBelow(`${path}/test`)]);
    for (const file of files) {
      const code = withoutComments(read(file));
      if (!/(?<![."'`\w])MessageEvent\b/u.test(code)) continue;
      const isKnown =
        /import[^;]*\bMessageEvent\b[^;]*from/u.test(code) ||
        /(?:interface|type) MessageEvent\b/u.test(code) ||
        /export type \{[^}]*\bMessageEvent\b/u.test(code);
      expect(isKnown, `${file} uses MessageEvent without importing it from @hermes/core`).toBe(true);
    }
  });
});

describe("Packages that others install", () => {
  it("are shaped alike", () => {
    for (const { path, manifest } of packages().filter(({ manifest }) => manifest.private !== true)) {
      expect(manifest, path).toMatchObject({
        license: "MIT",
        type: "module",
        engines: { node: ">=22.12" },
        description: expect.stringMatching(/\.$/u),
      });
      expect(manifest.files, path).toContain("README.md");
      for (const file of ["README.md", "tsconfig.build.json"]) {
        if (path.startsWith("packages/") || file === "README.md")
          expect(existsSync(join(root, path, file)), `${path}/${file}`).toBe(true);
      }
      for (const [door, target] of Object.entries(manifest.exports ?? {})) {
        if (door === "./package.json") continue;
        const stem = door === "." ? "index" : door.slice(2);
        expect(target, `${path} ${door}`).toEqual({
          "@hermes/source": `./src/${stem}.ts`,
          types: `./dist/${stem}.d.ts`,
          default: `./dist/${stem}.js`,
        });
      }
    }
  });

  it("are called after their folder", () => {
    for (const { path, folder, manifest } of packages()) {
      // `npm create x` runs `create-x`.
      expect(manifest.name, path).toBe(folder.startsWith("create-") ? folder : `@hermes/${folder}`);
    }
  });

  it("ask for the user's own core instead of bringing one", () => {
    for (const { path, folder, manifest } of packages()) {
      if (/^(?:platform|agent)-/u.test(folder)) expect(manifest.peerDependencies, path).toHaveProperty("@hermes/core");
    }
  });
});

describe("A platform package", () => {
  const platforms = packages().filter(({ folder }) => folder.startsWith("platform-"));
  const skeleton = ["index", "manifest", "capabilities", "connection", "transport", "decode", "encode", "api"];
  const headings = ["Install", "Use", "Options", "Set-up", "What works and what does not", "Licence"];

  it.each(platforms.map((platform) => [platform.folder, platform] as const))(
    "%s has the files every platform has",
    (folder, { path, manifest }) => {
      const name = folder.slice("platform-".length);
      for (const stem of [...skeleton, name])
        expect(existsSync(join(root, path, "src", `${stem}.ts`)), `${path}/src/${stem}.ts`).toBe(true);
      expect(manifest.hermes).toEqual({ kind: "platform", api: 1, manifest: "./manifest" });
      const readme = read(`${path}/README.md`);
      for (const heading of headings) expect(readme, `${path}/README.md`).toMatch(new RegExp(`^##+ ${heading}`, "mu"));
    },
  );

  it.each(platforms.map((platform) => [platform.folder, platform] as const))(
    "%s keeps its SDK out of its manifest",
    (_folder, { path }) => {
      const seen = new Set<string>();
      const visit = (file: string): void => {
        if (seen.has(file)) return;
        seen.add(file);
        const code = read(file).replace(/import type[^;]*;/gu, "");
        for (const match of code.matchAll(/^\s*(?:import|export)[^(;]*?from\s*"([^"]+)"/gmu)) {
          const specifier = match[1] ?? "";
          if (specifier.startsWith(".")) visit(relative(root, resolve(root, dirname(file), specifier)));
          else
            expect(
              ["@hermes/core", "zod"].includes(specifier) || specifier.startsWith("node:"),
              `${file} imports ${specifier}`,
            ).toBe(true);
        }
      };
      visit(`${path}/src/manifest.ts`);
    },
  );
});
