import { describe, expect, it } from "vitest";
import { composer, newPerson, said, say, stands, useBrowser } from "./browser.ts";
import { serveConsole } from "./serve-console.ts";

useBrowser();

describe("The page, by its keys alone", () => {
  it("begins a chat, finds a message again, and shows what the keys do", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const page = await open(gateway.link());
    await composer(page).waitFor();
    await page.keyboard.type("a needle in hay");
    await page.keyboard.press("Enter");
    await said(page, "You said: a needle").waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("needle");
    await page.getByRole("option").filter({ hasText: "needle" }).first().waitFor();
    await page.keyboard.press("Escape");
    await composer(page).blur();
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("Keyboard shortcuts").waitFor();
    await page.keyboard.press("Escape");
    expect(faults).toEqual([]);
  });

  it("completes commands and gives them", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const page = await open(gateway.link());
    await composer(page).fill("/who");
    await page.getByRole("option", { name: /whoami/u }).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await said(page, /web:owner/u)
      .first()
      .waitFor();
    expect(faults).toEqual([]);
  });
});

describe("The page as the place to look after a gateway", () => {
  it("names, deletes and lists conversations", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const page = await open(gateway.link());
    await say(page, "to be named");
    await said(page, "You said: to be named").waitFor();
    const listed = page.getByRole("navigation").getByText("to be named");
    await listed.first().waitFor();
    await page
      .getByRole("button", { name: /Actions for/u })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await page.getByRole("textbox", { name: "Title" }).fill("Sewing");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("navigation").getByText("Sewing").first().waitFor();
    await page
      .getByRole("button", { name: /Actions for/u })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => page.getByRole("navigation").getByText("Sewing").count()).toBe(0);
    expect((await gateway.service().gateway.conversations.list({ limit: 5 })).rows).toEqual([]);
    expect(faults).toEqual([]);
  });

  it("sends a file with a message, and shows it again after a reload", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const page = await open(gateway.link());
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const picture = { name: "dot.png", mimeType: "image/png", buffer: Buffer.from(png, "base64") };
    await page.locator("input[type=file]").setInputFiles(picture);
    await page.getByRole("button", { name: "Remove dot.png" }).waitFor();
    await composer(page).fill("look at this");
    // It can be sent once the file is there.
    await expect.poll(() => page.getByRole("button", { name: "Send message" }).isEnabled()).toBe(true);
    await composer(page).press("Enter");
    await said(page, "You said: look at this").waitFor();
    await page.reload();
    await said(page, "You said: look at this").waitFor();
    const image = page.getByRole("main").getByRole("img", { name: /dot\.png/u });
    await expect.poll(() => image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth)).toBe(1);
    expect(faults).toEqual([]);
  });

  it("shows deliveries and the way of a message, and how the gateway is", async () => {
    const gateway = await serveConsole();
    const { open, faults } = await newPerson();
    const page = await open(gateway.link());
    await say(page, "where did you go");
    await said(page, "You said: where").waitFor();
    await page.goto(`${gateway.url}/deliveries`);
    await page
      .getByRole("main")
      .getByRole("link")
      .filter({ hasText: /You said|owner|web/u })
      .first()
      .click();
    await said(page, /You said: where did you go/u)
      .first()
      .waitFor();
    await page.goto(`${gateway.url}/platforms`);
    await said(page, "Ready").first().waitFor();
    await said(page, "Connected").first().waitFor();
    await page.goto(`${gateway.url}/access`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await stands(page, "That did not work", 0);
    expect(faults).toEqual([]);
  });
});
