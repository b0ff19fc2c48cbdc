import { expect, it } from "vitest";
import { run } from "../ledger-house.ts";
import { stop } from "../serve.ts";
import { direct, slackHouse } from "./house.ts";

const second = "xoxb-9999-8888-FAKETOKENOFTHESECOND";
const tokens = ["xoxb-1111-2222-FAKETOKENFORTESTS", second];
const there = "T0TWO/D0ADA";

it("Of two workspaces of which one has taken the app out, the other is served, and the status says what is wrong", async () => {
  const house = await slackHouse({
    section: { tokens },
    prepare(slack) {
      const { userId } = slack.addTeam("T0TWO", second, "Second Society");
      slack.world.addChannel("T0TWO", "D0ADA", "", [slack.ada, userId]);
      slack.world.botOf("T0TWO").isRevoked = true;
    },
  });
  const { slack, texts, until, home } = house;
  const { hermes } = await house.serve();
  slack.say({ chat: there, text: "hello" });
  slack.say({ chat: direct, text: "hello" });
  await until(() => texts(direct).length === 1, "an answer where the token works");
  const { output } = await run(home, "gateway", "status");
  expect(output).toMatch(/slack.*1 of 2 workspaces cannot be signed in to/su);
  expect(output + hermes.errors() + hermes.output()).not.toContain(second);
  await stop(hermes);
});

it("Two workspaces are answered each where it asked; when one revokes its token meanwhile, the other goes on", async () => {
  const house = await slackHouse({
    section: { tokens },
    prepare(slack) {
      const { userId } = slack.addTeam("T0TWO", second, "Second Society");
      slack.world.addChannel("T0TWO", "D0ADA", "", [slack.ada, userId]);
    },
  });
  const { slack, texts, until, home } = house;
  const { hermes } = await house.serve();
  const inSecond = (): readonly unknown[] =>
    [...slack.world.find(there).messages.values()].filter(({ user }) => user === slack.world.botOf("T0TWO").userId);
  slack.say({ chat: there, text: "one" });
  slack.say({ chat: direct, text: "one" });
  await until(() => texts(direct).length === 1 && inSecond().length === 1, "both answers");
  slack.world.botOf("T0TWO").isRevoked = true;
  slack.say({ chat: there, text: "two" });
  slack.event("T0TWO", { type: "tokens_revoked", tokens: { oauth: [], bot: [slack.world.botOf("T0TWO").userId] } });
  await until(() => slack.deliveries.waiting === 0, "everything acknowledged");
  slack.say({ chat: direct, text: "two" });
  await until(() => texts(direct).length === 2, "an answer where the token works");
  slack.say({ chat: direct, text: "three" });
  await until(() => texts(direct).length === 3, "and another");
  const { output } = await run(home, "gateway", "status");
  expect(output).toMatch(/slack.*1 of 2 workspaces cannot be signed in to/su);
  await stop(hermes);
  expect(texts(direct)).toEqual(["echo: one", "echo: two", "echo: three"]);
});
