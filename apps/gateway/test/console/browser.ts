import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser: Browser | undefined;

/** One browser for a file of tests. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: quiet });
  });
  afterAll(async () => {
    await browser?.close();
  });
}

/** How a browser looks at the page. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  readonly locale?: string;
}

/** A person with a browser of their own: nothing may go wrong in it that nobody sees. */
export async function newPerson({ width = 1280, height = 800, colorScheme = "light", locale = "en-GB" }: Look = {}) {
  if (browser === undefined) throw new Error("useBrowser() comes first");
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale, reducedMotion: "reduce" });
  context.setDefaultTimeout(8000);
  const faults: string[] = [];
  onTestFinished(() => context.close());
  return { context, faults, open: (url: string) => openPage(context, faults, url) };
}

async function openPage(context: BrowserContext, faults: string[], url: string): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // A connection that is lost, and a session that is not there yet, are told by the browser itself.
    const isExpected = /WebSocket connection|401 \(Unauthorized\)|ERR_CONNECTION_REFUSED/u.test(message.text());
    if (message.type() === "error" && !isExpected) faults.push(`console: ${message.text()}`);
  });
  await page.goto(url);
  return page;
}

/** The composer of the conversation that is open. */
export function composer(page: Page) {
  return page.getByRole("textbox", { name: "Message", exact: true });
}

/** Says something in the conversation that is open. */
export async function say(page: Page, what: string): Promise<void> {
  await composer(page).fill(what);
  await composer(page).press("Enter");
}

/** What stands on the page itself, without what is only read aloud. */
export function said(page: Page, what: string | RegExp) {
  return page.getByRole("main").getByText(what);
}

/** Waits until a text stands on the page so many times, and not more often. */
export async function stands(page: Page, what: string | RegExp, times = 1): Promise<void> {
  await expect.poll(() => said(page, what).count(), { timeout: 10_000 }).toBe(times);
}
