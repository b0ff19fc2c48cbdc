import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { marksOn, matrixHouse, textsOf, until } from "./house.ts";

describe("In a room on Matrix, the bot", () => {
  it("answers where it is named, in the thread where it was, and goes on there without being named, but not where others are", async () => {
    const house = await matrixHouse(() => ({ statusMarks: true }));
    const { server, club, grace } = house;
    const hermes = await house.serve();
    house.says(club, "not for the bot");
    const named = house.tells(club, "hello");
    await house.sees(club, (texts) => texts.length === 1);
    const root = house.says(club, "where a thread begins");
    const inThread = { "m.relates_to": { rel_type: "m.thread", event_id: root.event_id, is_falling_back: true } };
    house.says(club, "not yet", inThread);
    house.tells(club, "in here", inThread);
    await house.sees(club, (texts) => texts.length === 2);
    house.says(club, "Grace?", { ...inThread, "m.mentions": { user_ids: [grace.userId] } });
    house.says(club, "all of you", { ...inThread, "m.mentions": { room: true } });
    const last = house.says(club, "and without a name", inThread);
    const texts = await house.sees(club, (said) => said.length === 3);
    expect(texts).toEqual(["echo: hello", "echo: in here", "echo: and without a name"]);
    await until(
      () => marksOn(server, club, named.event_id).join() === "✅" && marksOn(server, club, last.event_id).join() === "✅",
    );
    await stop(hermes);
    const answers = club.events.filter(
      (event) => "sender" in event && event.sender === server.bot.userId && event.type === "m.room.message",
    );
    const threads = answers.map(
      (event) =>
        ("content" in event ? (event.content["m.relates_to"] as { event_id?: string } | undefined) : undefined)?.event_id,
    );
    expect(threads).toEqual([undefined, root.event_id, root.event_id]);
  });

  it("takes its mark of a message back after it was killed in the middle of the answer", async () => {
    const house = await matrixHouse(() => ({ statusMarks: true }));
    const { server, direct } = house;
    const first = await house.serve();
    const { event_id: asked } = house.says(direct, "write");
    await until(() => marksOn(server, direct, asked).join() === "👀");
    first.process.kill("SIGKILL");
    await first.ended();
    const second = await house.serve();
    await house.sees(direct, (texts) => texts.some((text) => text.includes("That is all.")));
    await until(
      () => marksOn(server, direct, asked).join() === "✅",
      () => marksOn(server, direct, asked).join(),
    );
    await stop(second);
  });

  it("that becomes encrypted says so once, is not spoken in any more, and keeps no other waiting", async () => {
    const house = await matrixHouse();
    const { server, club, direct, ada } = house;
    const first = await house.serve();
    house.tells(club, "before");
    await house.sees(club, (texts) => texts.length === 1);
    const secret = (type: string, content: Readonly<Record<string, unknown>>, stateKey?: string): void =>
      void server.world.append(club, { type, sender: ada.userId, content, ...(stateKey === undefined ? {} : { stateKey }) });
    secret("m.room.encryption", { algorithm: "m.megolm.v1.aes-sha2" }, "");
    secret("m.room.encrypted", { algorithm: "m.megolm.v1.aes-sha2", ciphertext: "…" });
    // Whoever still speaks in the clear there gets no answer in the clear.
    house.tells(club, "in the clear");
    house.says(direct, "elsewhere");
    await house.sees(direct, (texts) => texts.includes("echo: elsewhere"));
    await house.sees(club, (texts) => texts.length === 2);
    await stop(first);
    const second = await house.serve();
    secret("m.room.encrypted", { algorithm: "m.megolm.v1.aes-sha2", ciphertext: "…" });
    house.says(direct, "again");
    await house.sees(direct, (texts) => texts.includes("echo: again"));
    await stop(second);
    expect(textsOf(server, club)).toEqual(["echo: before", expect.stringContaining("I cannot read encrypted rooms")]);
  });

  it("knows its commands by a slash and, since clients keep that for themselves, by an exclamation mark", async () => {
    const house = await matrixHouse();
    const { direct, club } = house;
    const hermes = await house.serve();
    house.says(direct, "/help");
    const [help = ""] = await house.sees(direct, (texts) => texts.length === 1);
    expect(help).toContain("/status");
    house.says(club, "!status");
    const [status = ""] = await house.sees(club, (texts) => texts.length === 1);
    expect(status).not.toContain("echo");
    house.says(direct, "!nothing of ours");
    await house.sees(direct, (texts) => texts.includes("echo: !nothing of ours"));
    await stop(hermes);
  });
});
