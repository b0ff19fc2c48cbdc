import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filesBelow, packages, read, root } from "./repository.ts";

const folder = join(root, "node_modules/.cache/hermes-examples");

/** Every fenced TypeScript block of the documentation, each as a module of its own. */
function examples(): readonly { readonly name: string; readonly code: string }[] {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    ...filesBelow("docs", ".md"),
    ...packages().map(({ path }) => `${path}/README.md`),
  ];
  return pages.flatMap((page) =>
    [...read(page).matchAll(/^```ts\n([\s\S]*?)^```/gmu)].map((match, index) => ({
      name: `${page.replaceAll(/[^A-Za-z0-9]+/gu, "-")}-${index}.ts`,
      code: `${match[1]}\nexport {};\n`,
    })),
  );
}

/** Our own packages by name, from source. */
function paths(): Record<string, readonly string[]> {
  const doors = packages().flatMap(({ path, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([door, target]) =>
      typeof target === "string"
        ? []
        : [[`${manifest.name}${door.slice(1)}`, [join(root, path, target["@hermes/source"] ?? "")]] as const],
    ),
  );
  return Object.fromEntries(doors);
}

it("Every example in the documentation compiles", () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const all = examples();
  expect(all.length).toBeGreaterThanOrEqual(4);
  for (const { name, code } of all) writeFileSync(join(folder, name), code);
  const options = { paths: paths(), allowImportingTsExtensions: true, typeRoots: [join(root, "node_modules/@types")] };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: join(root, "tsconfig.base.json"), compilerOptions: options, include: ["*.ts"] }),
  );
  const output = (() => {
    try {
      return execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      return String((error as { readonly stdout?: unknown }).stdout);
    }
  })();
  expect(output).toBe("");
}, 30_000);
