import { createServer } from "node:net";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { stop } from "../serve.ts";
import { houseIn } from "./house.ts";
import { openTown, townNames } from "./towns.ts";

it("Every platform is served at the same time by one gateway, and answers are where the questions were", async () => {
  const towns = await Promise.all(townNames.map((name) => openTown(name)));
  const hermes = await (await houseIn(towns)).serve();
  await Promise.all(towns.map((town) => town.says(`hello from ${town.name}`)));
  for (const town of towns) {
    expect((await town.answered(1)).map(({ text }) => text)).toEqual([`echo: hello from ${town.name}`]);
  }
  await stop(hermes);
});

it.each(townNames)("A server of %s that never answers keeps nobody else waiting", async (name) => {
  const silent = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  await once(silent, "listening");
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const towns = await Promise.all(townNames.map((each) => openTown(each)));
  const root =
    Object.keys(towns.find((town) => town.name === name)?.section ?? {}).find((key) => /root|homeserver/iu.test(key)) ?? "";
  const given = towns.map((town) =>
    town.name === name ? { ...town, section: { ...town.section, [root]: `http://127.0.0.1:${port}` } } : town,
  );
  const others = given.filter((town) => town.name !== name);
  const hermes = await (await houseIn(given)).serve(others);
  await Promise.all(others.map((town) => town.says("hello")));
  for (const town of others) expect((await town.answered(1)).map(({ text }) => text)).toEqual(["echo: hello"]);
  await stop(hermes);
});
