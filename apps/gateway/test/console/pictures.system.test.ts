import { join } from "node:path";
import { text, type AgentFunction } from "@hermes/core";
import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { composer, newPerson, said, say, useBrowser, type Look } from "./browser.ts";
import { serveConsole, type ServedConsole } from "./serve-console.ts";

useBrowser();

const folder = join(import.meta.dirname, "../../../../docs/images");

const answers: Readonly<Record<string, string>> = {
  "Why is the event list slow?": `The query reads the whole table, since no index covers **both** the session and the order:

\`\`\`sql
CREATE INDEX events_by_session
    ON events (session_id, created_at DESC)
 WHERE state <> 'refused';
\`\`\`

| | before | after |
|---|---:|---:|
| rows read | 1,204,551 | 50 |
| time | 812 ms | 0.4 ms |

1. Create the index in a migration of its own.
2. Run \`ANALYZE\` once, so that the planner knows of it.
3. Look at the numbers again **after a day**.`,
  "Remind me what we decided about backups": `Three things:

- every night, kept for **30 days**
- a restore is tried on the first Monday of each month
- the key lies in the safe, not beside the backup`,
  帮我安排一下今天的开发计划: "可以：上午整理需求，下午完成接口与测试，傍晚部署到测试环境。",
};

const agent: AgentFunction = async function* (turn) {
  const asked = turn.input[0].text;
  if (asked.startsWith("Why")) {
    yield { type: "tool-start", callId: "1", title: "Explain the query plan", effect: "none" };
    yield { type: "tool-end", callId: "1", outcome: "done", summary: "SCAN events" };
    yield { type: "tool-start", callId: "2", title: "Read schema.sql", effect: "none" };
    yield { type: "tool-end", callId: "2", outcome: "done", summary: "214 lines" };
  }
  yield text(answers[asked] ?? `You said: ${asked}`);
};

async function prepared(look: Look): Promise<{ readonly gateway: ServedConsole; readonly page: Page }> {
  const gateway = await serveConsole(agent);
  const { open } = await newPerson(look);
  const page = await open(gateway.link());
  for (const asked of Object.keys(answers).toReversed()) {
    await composer(page).waitFor();
    await say(page, asked);
    await said(page, ((answers[asked] ?? "").split("\n")[0] ?? "").slice(0, 20))
      .first()
      .waitFor();
    if (asked !== Object.keys(answers)[0]) await page.goto(`${gateway.url}/`);
  }
  return { gateway, page };
}

// They are made anew by `PICTURES=1 npx pnpm@12 test:system apps/gateway/test/console/pictures`, when the page looks different.
describe.skipIf(process.env["PICTURES"] === undefined)("The pictures of the documentation", () => {
  it("show the chat and the platforms by day", async () => {
    const { gateway, page } = await prepared({ width: 1280, height: 800 });
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, "chat.png") });
    await page.goto(`${gateway.url}/platforms`);
    await said(page, "Connected").first().waitFor();
    await page.screenshot({ path: join(folder, "platforms.png") });
    await page.goto(`${gateway.url}/deliveries`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(folder, "deliveries.png") });
  });

  it("show the chat by night", async () => {
    const { page } = await prepared({ width: 1280, height: 800, colorScheme: "dark" });
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, "chat-dark.png") });
  });

  it("show the chat on a phone", async () => {
    const { page } = await prepared({ width: 390, height: 780 });
    await page.screenshot({ path: join(folder, "chat-phone.png") });
  });
});
