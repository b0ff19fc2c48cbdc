import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pictures, report } from "../full-telegram/shown.ts";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { messagesOf, order } from "./obedient-model.ts";
import { sees, stageNames } from "./stage.ts";

describe.each(["telegram", "slack"] as const)("On %s", (name) => {
  it("a file that the model sends arrives byte by byte, once", async () => {
    const stage = await openStage(name);
    const { serve, work } = await agentHouse([stage]);
    await writeFile(join(work, "report.csv"), report);
    const hermes = await serve();
    await stage.says(`the report ${order("send_file", { path: "report.csv", caption: "All of it" })}`);
    await sees(stage, /heard: the report/u);
    await expect.poll(async () => (await stage.standing()).flatMap(({ files }) => files).length, { timeout: 5000 }).toBe(1);
    const files = (await stage.standing()).flatMap(({ files: all }) => all);
    expect(files.map((file) => file.name)).toEqual(["report.csv"]);
    expect(Buffer.from(files[0]?.bytes ?? []).equals(Buffer.from(report))).toBe(true);
    await stop(hermes);
  });
});

describe.each(stageNames)("On %s", (name) => {
  it("a photo reaches the model as an image, byte by byte", async () => {
    const stage = await openStage(name);
    const { serve, model } = await agentHouse([stage], {
      agent: { toolSets: {}, modelFacts: { "local:*": { vision: true, contextTokens: 100_000 } } },
    });
    const hermes = await serve();
    await stage.says("what is this?", { file: { name: "a.png", mimeType: "image/png", bytes: pictures[0] } });
    await sees(stage, /heard: what is this\?/u);
    const last = messagesOf(model.requests.at(-1) ?? expect.unreachable()).at(-1) ?? expect.unreachable();
    const images = (last.content as readonly { readonly image_url?: { readonly url: string } }[]).flatMap(
      ({ image_url: image }) => image?.url ?? [],
    );
    expect(images).toEqual([`data:image/png;base64,${Buffer.from(pictures[0]).toString("base64")}`]);
    await stop(hermes);
  });
});
