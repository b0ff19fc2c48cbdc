import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { pictures, report } from "../full-telegram/shown.ts";
import { stop } from "../serve.ts";
import { houseIn } from "./house.ts";
import { openTown, townNames } from "./towns.ts";

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe.each(townNames)("On %s a person", (name) => {
  it("is answered, sends and gets files byte by byte, sees their message marked, and no secret is told", async () => {
    const town = await openTown(name);
    const hermes = await (await houseIn([town], { statusMarks: true })).serve();
    const { messageId } = await town.says("hello");
    expect((await town.answered(1)).map(({ text }) => text)).toEqual(["echo: hello"]);
    // Where a platform has no ✅, its adapter takes what is nearest.
    await expect
      .poll(async () => (await town.find(messageId))?.reactions, { timeout: 5000 })
      .toEqual([expect.stringMatching(/✅|👍/u)]);

    await town.says("", { file: { kind: "file", name: "report.csv", mimeType: "text/csv", bytes: report } });
    expect((await town.answered(2))[1]?.text).toBe(`file report.csv ${digest(report)}`);

    await town.says("photo");
    const [, , photo] = await town.answered(3);
    expect(photo?.files?.map(({ bytes }) => digest(bytes))).toEqual([digest(pictures[0])]);
    await stop(hermes);
    for (const secret of town.bench.secrets) expect(hermes.errors() + hermes.output()).not.toContain(secret);
  });

  it("who was not let in is not answered", async () => {
    const town = await openTown(name);
    const hermes = await (await houseIn([town], { access: { allow: [] } })).serve();
    await town.says("let me in");
    await hermes.errorLine(/refus|Nobody is let in/u);
    await stop(hermes);
    expect(await town.answers()).toEqual([]);
  });
});
