import { readFile } from "node:fs/promises";
import { completeCapabilities } from "@hermes/core";
import { expect, it } from "vitest";

const page = new URL("../../../docs/adding-a-platform.md", import.meta.url);

async function withFiles(text: string): Promise<string> {
  let filled = text;
  for (const [whole, path] of text.matchAll(/<!-- file: (\S+) -->\n(?:\n```ts \S+\n[\s\S]*?\n```\n)?/gu)) {
    const source = await readFile(new URL(`../template/${path}`, import.meta.url), "utf8");
    filled = filled.replace(whole, () => `<!-- file: ${path} -->\n\n\`\`\`ts ${path}\n${source}\`\`\`\n`);
  }
  return filled;
}

it("The page on adding a platform shows the adapter as it is begun with", async () => {
  await expect(await withFiles(await readFile(page, "utf8"))).toMatchFileSnapshot("../../../docs/adding-a-platform.md");
});

it("The page names every capability and what it asks for", async () => {
  const text = await readFile(page, "utf8");
  const capabilities = completeCapabilities({
    text: { maxLength: null, partsPerSend: 1, markdown: "none", tables: false },
    inbound: { replay: "none", windowMs: 0 },
  });
  const named = Object.keys(capabilities).filter((key) => !["text", "inbound", "sendWithoutListening"].includes(key));
  for (const key of named) expect(text).toMatch(new RegExp(`\`${key}[\`. ]`, "u"));
});
