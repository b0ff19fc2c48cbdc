import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { chatIn, foundTown, inTime, listening, options, soon } from "./town.ts";

closeAfterEach();

const typed = (name: string, text = "") => ({
  id: "1001000000000000301",
  name,
  type: 1,
  ...(text === "" ? {} : { options: [{ name: "arguments", type: 3, value: text }] }),
});

describe("A slash command", () => {
  test("arrives with what follows it, and is settled so that only the answer in the chat remains", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const { host, connection } = await listening(town);
    const waiting = server.interact(general, ada, 2, typed("tea", "green"));
    await soon(() => host.of("command").length === 1);
    const [command] = host.of("command");
    expect(command).toMatchObject({ name: "tea", arguments: "green", chat: { ref: { chatId: general.id } } });
    if (command === undefined) return expect.unreachable("it is there");
    await connection.settleAction?.(command, {});
    expect(waiting.answer).toEqual({ type: 5, data: { flags: 64 } });
    expect(waiting.isTakenBack).toBe(true);
    await connection.settleAction?.(command, { notice: "again" });
    expect(server.http.requestsOf("answerInteraction")).toHaveLength(1);
    expect(server.violations).toEqual([]);
  });

  test("works in a direct chat, and a notice is for the eyes of who asked", async () => {
    const town = await foundTown();
    const { server, ada, direct } = town;
    const { host, connection } = await listening(town);
    const waiting = server.interact(direct, ada, 2, typed("help"));
    await soon(() => host.of("command").length === 1);
    const [command] = host.of("command");
    if (command === undefined) return expect.unreachable("it is there");
    expect(command.chat).toMatchObject({ ref: { chatId: direct.id }, type: "dm", name: "Ada" });
    await connection.settleAction?.(command, { notice: "Not you" });
    expect(waiting.answer).toEqual({ type: 4, data: { content: "Not you", flags: 64, allowed_mentions: { parse: [] } } });
    expect(waiting.isTakenBack).toBe(false);
  });

  test("that nobody settles is settled within two seconds, also while the store is slow", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const { host } = await listening(town);
    let release = (): void => undefined;
    host.beforeAccept = () => new Promise((resolve) => (release = resolve));
    const waiting = server.interact(general, ada, 2, typed("tea"));
    const before = server.nowMs();
    await inTime(town, () => waiting.answer !== undefined);
    expect(server.nowMs() - before).toBeLessThan(3000);
    release();
  });

  test("that is refused is settled at once", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const { host } = await listening(town);
    host.verdict = () => "refused";
    const waiting = server.interact(general, ada, 2, typed("tea"));
    await soon(() => waiting.isTakenBack);
    expect(host.of("command")).toEqual([]);
  });

  test("that Discord no longer waits for is no failure", async () => {
    const town = await foundTown();
    const { server, ada, general, clock } = town;
    const { host, connection } = await listening(town);
    server.interact(general, ada, 2, typed("tea"));
    await soon(() => host.of("command").length === 1);
    await clock.sleep(20 * 60_000);
    const [command] = host.of("command");
    if (command === undefined) return expect.unreachable("it is there");
    await connection.settleAction?.({ ...command, interaction: { id: "1001000000000000999", token: "FAKE", type: 2 } }, {});
    await connection.settleAction?.({ ...command, interaction: "nonsense" }, {});
  });

  test("that is being written is offered nothing, and stops nothing", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    await listening(town);
    const waiting = server.interact(general, ada, 4, typed("tea", "gr"));
    await soon(() => waiting.answer !== undefined);
    expect(waiting.answer).toEqual({ type: 8, data: { choices: [] } });
  });
});

describe("A button", () => {
  test("that nobody settles stops turning by itself", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const { connection } = await listening(town);
    const message = { texts: ["tea?"], files: [], actions: [[{ label: "Yes", token: "yes" }]] };
    const [ref] = await connection.send(chatIn(general), message, options);
    const waiting = server.press(server.world.message(ref.messageId), "Yes", ada);
    await inTime(town, () => waiting.answer !== undefined);
    expect(waiting.answer).toEqual({ type: 6 });
  });
});

describe("The menu of commands", () => {
  test("is published once, in a form that takes what follows, in servers and in direct chats", async () => {
    const town = await foundTown();
    const { server } = town;
    const { host, connection } = await listening(town);
    const commands = [
      { name: "help", description: "What can be asked" },
      { name: "Tea Time", description: "Has a space" },
      { name: "tea", description: "t".repeat(300) },
    ];
    await connection.publishCommands?.(commands);
    await connection.publishCommands?.(commands);
    expect(server.http.requestsOf("putCommands")).toHaveLength(1);
    expect(server.commands).toMatchObject([
      { name: "help", contexts: [0, 1], options: [{ name: "arguments", type: 3 }] },
      { name: "tea", description: `${"t".repeat(99)}…` },
    ]);
    expect(host.logs.join("\n")).toContain("Tea Time");
    await connection.publishCommands?.(commands.slice(0, 1));
    expect(server.commands).toHaveLength(1);
    expect(server.violations).toEqual([]);
  });
});
