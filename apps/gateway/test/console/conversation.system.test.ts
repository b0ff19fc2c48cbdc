import { describe, expect, it } from "vitest";
import { composer, newPerson, said, say, stands, useBrowser } from "./browser.ts";
import { serveConsole } from "./serve-console.ts";

useBrowser();

describe("The page", () => {
  it("signs in by a link that works once, and out again", async () => {
    const gateway = await serveConsole();
    const link = gateway.link();
    const { open, faults, context } = await newPerson();
    const page = await open(link);
    await composer(page).waitFor();
    expect(page.url()).not.toContain("code");
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });
    const stranger = await newPerson();
    const locked = await stranger.open(link);
    await locked.getByText("wrong, used or too old").waitFor();
    await locked.getByRole("textbox", { name: "One-time code" }).fill("ABCDE-23456");
    await locked.getByRole("button", { name: "Sign in" }).click();
    await locked.getByText("wrong, used or too old").waitFor();
    expect(await locked.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)).join())).not.toMatch(
      /code|token/u,
    );
    await page.getByRole("button", { name: "Settings and account" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("textbox", { name: "One-time code" }).waitFor();
    await page.reload();
    await page.getByRole("textbox", { name: "One-time code" }).waitFor();
    expect(faults).toEqual([]);
  });

  it("sends, shows the answer as it comes, interrupts it, and finds it again after a reload", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const page = await open(gateway.link());
    await say(page, "slowly please");
    await said(page, /word3 /u).waitFor();
    expect(await said(page, /word200/u).count()).toBe(0);
    await page.getByRole("button", { name: "Stop the answer" }).click();
    await said(page, "This answer was interrupted.").waitFor();
    const shown = (await said(page, /word1 /u).innerText()).trim();
    await say(page, "hello **you**");
    await said(page, "You said: hello").waitFor();
    await page.reload();
    await said(page, "You said: hello").waitFor();
    expect((await said(page, /word1 /u).innerText()).trim()).toBe(shown);
    await stands(page, "You said: hello", 1);
    await stands(page, "This answer was interrupted.", 1);
    expect(faults).toEqual([]);
  });

  it("shows the tools that were used, also after a reload, and an answer that failed", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const page = await open(gateway.link());
    await say(page, "use tools");
    await said(page, "You are free").waitFor();
    await said(page, "Used 2 tools").first().click();
    await said(page, "Read the calendar").first().waitFor();
    await page.reload();
    await said(page, "You are free").waitFor();
    await said(page, "Used 2 tools").first().click();
    await said(page, "3 entries").first().waitFor();
    await say(page, "fail");
    await said(page, /ended with a failure|it failed/u)
      .first()
      .waitFor();
    expect(faults).toEqual([]);
  });

  it("shows the same in two tabs, as it happens", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const first = await open(gateway.link());
    await say(first, "one");
    await said(first, "You said: one").waitFor();
    const second = await open(first.url());
    await said(second, "You said: one").waitFor();
    await say(second, "two");
    await said(first, "You said: two").waitFor();
    await say(first, "slowly");
    await Promise.all([said(first, /word2 /u).waitFor(), said(second, /word2 /u).waitFor()]);
    await second.getByRole("button", { name: "Stop the answer" }).click();
    await said(first, "This answer was interrupted.").waitFor();
    for (const page of [first, second]) {
      await stands(page, "You said: one", 1);
      await stands(page, "You said: two", 1);
    }
    expect(faults).toEqual([]);
  });

  it("loses its connection and goes on without anything lost or twice", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const page = await open(gateway.link());
    await say(page, "before");
    await said(page, "You said: before").waitFor();
    await gateway.stop();
    await say(page, "meanwhile");
    await said(page, "Waits for the connection…").waitFor();
    await gateway.start();
    await said(page, "You said: meanwhile").waitFor({ timeout: 20_000 });
    await say(page, "after");
    await said(page, "You said: after").waitFor();
    for (const what of ["before", "meanwhile", "after"]) await stands(page, `You said: ${what}`, 1);
    await page.reload();
    await said(page, "You said: after").waitFor();
    for (const what of ["before", "meanwhile", "after"]) await stands(page, `You said: ${what}`, 1);
    expect(faults).toEqual([]);
  });
});
