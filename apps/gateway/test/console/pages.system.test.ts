import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import type { Page, Request } from "playwright-core";
import { describe, expect, it } from "vitest";
import { composer, newPerson, said, say, useBrowser } from "./browser.ts";
import { serveConsole } from "./serve-console.ts";

useBrowser();

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const paths = ["/", "/platforms", "/deliveries", "/waiting", "/access"];

/** What axe finds wrong, in words. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(axePath, "utf8"));
  return await page.evaluate(async () => {
    interface Finding {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Finding[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 120)} ${node.failureSummary ?? ""}`),
    );
  });
}

describe("Every page", () => {
  it.each([
    { name: "in the light", look: {} },
    { name: "in the dark", look: { colorScheme: "dark" } },
    { name: "on a phone", look: { width: 390, height: 844 } },
    { name: "in Chinese", look: { locale: "zh-CN" } },
  ] as const)("has nothing that axe finds wrong, $name", async ({ look }) => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson(look);
    const page = await open(gateway.link());
    await page.getByRole("textbox").last().fill("use tools");
    await page.keyboard.press("Enter");
    await said(page, "at two").waitFor();
    expect(await findings(page)).toEqual([]);
    for (const path of paths) {
      await page.goto(`${gateway.url}${path}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.waitForLoadState("networkidle");
      expect([path, await findings(page)]).toEqual([path, []]);
      expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    }
    expect(faults).toEqual([]);
  });

  it("has nothing that axe finds wrong before somebody has signed in", async () => {
    const gateway = await serveConsole();
    const { open } = await newPerson();
    const page = await open(gateway.url);
    await page.getByRole("textbox", { name: "One-time code" }).waitFor();
    expect(await findings(page)).toEqual([]);
  });

  it("comes from the gateway alone, under a policy that lets nothing else in, and weighs less than 300 KB", async () => {
    const gateway = await serveConsole();
    const { context, open, faults } = await newPerson();
    const foreign: string[] = [];
    const sizes: ReturnType<Request["sizes"]>[] = [];
    const weigh = (request: Request): void => void sizes.push(request.sizes());
    context.on("request", (request) => {
      if (!request.url().startsWith(gateway.url) && !request.url().startsWith("data:")) foreign.push(request.url());
    });
    context.on("requestfinished", weigh);
    const page = await open(gateway.link());
    await composer(page).waitFor();
    await page.waitForLoadState("networkidle");
    const response = await page.reload();
    // What ends with the browser has no size any more.
    context.off("requestfinished", weigh);
    const bytes = (await Promise.all(sizes)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    const policy = response?.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/u);
    expect(foreign).toEqual([]);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(300 * 1024);
    expect(faults).toEqual([]);
  });

  it("shows nothing of a message as HTML, and loads nothing a message names", async () => {
    const hostile = [
      '<img src=x onerror="document.title=1"><script>document.title="2"</script>',
      "![tracking](https://tracker.example/pixel.png)",
      "[press me](javascript:document.title='3')",
      '<a href="javascript:alert(1)">raw</a>',
    ].join("\n\n");
    const gateway = await serveConsole();
    const { context, open, faults } = await newPerson();
    const foreign: string[] = [];
    context.on("request", (request) => {
      if (!request.url().startsWith(gateway.url)) foreign.push(request.url());
    });
    const page = await open(gateway.link());
    await say(page, hostile.replaceAll("\n\n", " "));
    await said(page, "You said:").waitFor();
    expect(await page.getByRole("main").locator("script, [onerror], a[href^='javascript'], img[src^='http']").count()).toBe(0);
    expect(await page.title()).not.toMatch(/^[123]$/u);
    expect(foreign).toEqual([]);
    expect(faults).toEqual([]);
  });
});
