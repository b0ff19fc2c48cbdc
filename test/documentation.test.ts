import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { read, root } from "./repository.ts";

const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);

describe("The repository", () => {
  it("has the top level everybody expects", () => {
    const top = new Set(tracked.map((file) => file.split("/")[0]));
    for (const name of [
      "package.json",
      "pnpm-workspace.yaml",
      "pnpm-lock.yaml",
      "turbo.json",
      "tsconfig.base.json",
      "packages",
      "apps",
      ".changeset",
      "docs",
      ".ci",
      "README.md",
      "CONTRIBUTING.md",
      "LICENSE",
    ]) {
      expect(top, name).toContain(name);
    }
  });

  it("opens its README with the two commands", () => {
    const commands = [...read("README.md").matchAll(/^npx pnpm@12 (\w+)/gmu)].map((match) => match[1]);
    expect(commands.slice(0, 2)).toEqual(["start", "test"]);
  });

  it("names no host of a package registry and no path of one machine", () => {
    const patterns = [
      new RegExp(["registry", "npmjs"].join("\\."), "u"),
      new RegExp(`${["", "work", ""].join("/")}main`, "u"),
      /\/root\//u,
    ];
    for (const file of tracked.filter((name) => !/pnpm-lock\.yaml$|\.(?:png|ico)$/u.test(name))) {
      const text = read(file);
      for (const pattern of patterns) expect(pattern.test(text), `${file} matches ${pattern.source}`).toBe(false);
    }
  });

  it("links only to files that are there", () => {
    for (const file of tracked.filter((name) => name.endsWith(".md"))) {
      for (const match of read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/gu)) {
        const base = file.includes("/") ? `${file.slice(0, file.lastIndexOf("/"))}/` : "";
        const target = new URL(`file:///${base}${match[1]}`).pathname.slice(1);
        const exists = tracked.some((name) => name === target || name.startsWith(`${target.replace(/\/$/u, "")}/`));
        expect(exists, `${file} links to ${match[1]}`).toBe(true);
      }
    }
  });
});
