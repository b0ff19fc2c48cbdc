import type { WebSocketRoute } from "playwright-core";
import { describe, expect, it } from "vitest";
import { composer, newPerson, said, say, stands, useBrowser } from "./browser.ts";
import { serveConsole } from "./serve-console.ts";

useBrowser();

const whole = Array.from({ length: 200 }, (_each, index) => `word${index + 1}`).join(" ");

describe("An answer that is on its way", () => {
  it("comes whole although its line breaks again and again, and nothing of it twice", async () => {
    const gateway = await serveConsole();
    const { context, open, faults } = await newPerson();
    const lines: WebSocketRoute[] = [];
    await context.routeWebSocket(/\/ws$/u, (line) => {
      lines.push(line);
      line.connectToServer();
    });
    const page = await open(gateway.link());
    await say(page, "slowly");
    for (const seen of [5, 30, 60]) {
      await said(page, new RegExp(`word${seen}(?: |$)`, "u"))
        .first()
        .waitFor();
      await lines.at(-1)?.close({ code: 1001 });
    }
    await said(page, /word200/u).waitFor({ timeout: 20_000 });
    expect(lines.length).toBeGreaterThan(3);
    expect((await said(page, /word1 /u).innerText()).trim()).toBe(whole);
    await page.reload();
    expect((await said(page, /word1 /u).innerText()).trim()).toBe(whole);
    await stands(page, /word1 /u, 1);
    expect(faults).toEqual([]);
  });

  it("is made again by a gateway that was stopped in its middle, and stands there once", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const page = await open(gateway.link());
    await say(page, "slowly");
    await said(page, /word9(?: |$)/u)
      .first()
      .waitFor();
    await gateway.stop();
    await gateway.start();
    await said(page, /word200/u).waitFor({ timeout: 25_000 });
    await expect
      .poll(async () =>
        (
          await said(page, /word1 /u)
            .first()
            .innerText()
        ).trim(),
      )
      .toBe(whole);
    await stands(page, /word1 /u, 1);
    await page.reload();
    await composer(page).waitFor();
    await stands(page, /word1 /u, 1);
    expect((await said(page, /word1 /u).innerText()).trim()).toBe(whole);
    expect(faults).toEqual([]);
  });
});
