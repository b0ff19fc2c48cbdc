import { describe, expect, it } from "vitest";
import { Conversation, hastyClock, isRunning, only, startMisbehaving, stopper, textOf, until } from "./turns.ts";

describe("An agent that ends", () => {
  it("in the middle of an answer fails the turn, ends its tools, and runs again for the next", async () => {
    const { agent } = await startMisbehaving(["crashes-mid-prompt"]);
    const conversation = new Conversation(agent);
    const events = [];
    let failure: unknown;
    try {
      for await (const event of conversation.events("crash")) events.push(event);
    } catch (error) {
      failure = error;
    }
    expect(String(failure)).toMatch(/ended with exit code 9/u);
    expect(textOf(events)).toBe("part |");
    expect(only(events, "tool-end")).toEqual([{ type: "tool-end", callId: "open", outcome: "failed" }]);
    expect(await conversation.answerTo("hello")).toBe("part |");
  });

  it.each([
    ["exits-at-once", /exit code 3/u],
    ["crashes-at-initialize", /exit code 4/u],
  ])("at its start is told of, and after some tries not started again for a while: %s", async (way, words) => {
    const { agent } = await startMisbehaving([way], {}, { clock: hastyClock });
    const conversation = new Conversation(agent);
    await expect(conversation.say("hello")).rejects.toThrow(words);
    for (let attempt = 0; attempt < 4; attempt += 1) await expect(conversation.say("hello")).rejects.toThrow(words);
    await expect(conversation.say("hello")).rejects.toThrow(/ended 5 times in a row .*tried again in \d+ s/u);
  });

  it("by closing its output is ended whole", async () => {
    const { agent } = await startMisbehaving(["closes-output"]);
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(/closed its standard output/u);
  });

  it("leaves nothing running", async () => {
    const { agent } = await startMisbehaving(["leaves-children"]);
    const child = Number(await new Conversation(agent).answerTo("hello"));
    expect(isRunning(child)).toBe(true);
    await agent.close?.();
    await until(() => !isRunning(child), "the child has ended");
  });

  it("only when it is killed is killed", async () => {
    const { agent } = await startMisbehaving(["ignores-signals"]);
    expect(await new Conversation(agent).answerTo("go")).toBe("stuck");
    const startedAtMs = Date.now();
    await agent.close?.();
    expect(Date.now() - startedAtMs).toBeLessThan(4000);
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(/is shut down/u);
  });
});

describe("An agent that does not answer", () => {
  it("at its start is given up after the time it may take", async () => {
    const { agent } = await startMisbehaving(["never-initializes"], { startTimeoutMs: 300 });
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(/did not answer `initialize` within/u);
  });

  it("speaks another protocol, and is told so", async () => {
    const { agent } = await startMisbehaving(["wrong-version"]);
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(
      /speaks version 99 of the protocol, where 1 is spoken here/u,
    );
  });

  it("to a stop is left behind, while its process goes on for others", async () => {
    const { agent, host } = await startMisbehaving(["ignores-cancel"], {}, { clock: hastyClock });
    const conversation = new Conversation(agent);
    const { signal, stop } = stopper();
    for await (const event of conversation.events("hang", { signal })) if (event.type === "text-delta") stop();
    expect(host.log.some(({ message }) => message.includes("session is left behind"))).toBe(true);
    expect(await conversation.answerTo("go")).toBe("stuck");
    expect(host.log.filter(({ message }) => message.endsWith(" runs"))).toHaveLength(1);
  });

  it("to anything at all is ended, and the next turn has another process", async () => {
    const { agent, host } = await startMisbehaving(["ignores-everything"], {}, { clock: hastyClock });
    const conversation = new Conversation(agent);
    const { signal, stop } = stopper();
    for await (const event of conversation.events("hang", { signal })) if (event.type === "text-delta") stop();
    expect(await conversation.answerTo("go")).toBe("stuck");
    expect(host.log.filter(({ message }) => message.endsWith(" runs"))).toHaveLength(2);
  });

  it("because it does not read is ended when its turn is stopped", async () => {
    const { agent, host } = await startMisbehaving(["stops-reading"], {}, { clock: hastyClock });
    const { signal, stop } = stopper();
    const events = new Conversation(agent).events("x".repeat(2_000_000), { signal });
    expect((await events.next()).value?.type).toBe("checkpoint");
    const rest = events.next();
    stop();
    expect((await rest).done).toBe(true);
    expect(host.log.some(({ message }) => message.includes("did not answer any more"))).toBe(true);
  });

  it("within the time of a prompt is stopped", async () => {
    const { agent } = await startMisbehaving(["ignores-cancel"], { promptTimeoutMs: 2000 }, { clock: hastyClock });
    await expect(new Conversation(agent).say("hang")).rejects.toThrow(/`session\/prompt` within 2 s/u);
  });
});

describe("An agent that is closed", () => {
  it("fails the turn that runs, and leaves no process behind", async () => {
    const { agent, host } = await startMisbehaving(["ignores-cancel"]);
    const events = new Conversation(agent).events("hang");
    while ((await events.next()).value?.type !== "text-delta");
    const rest = events.next();
    await Promise.all([agent.close?.(), expect(rest).rejects.toThrow(/is shut down/u)]);
    await agent.close?.();
    expect(host.log.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("while it starts is not waited for longer than it takes to end it", async () => {
    const { agent, host } = await startMisbehaving(["never-initializes"]);
    const refused = expect(new Conversation(agent).say("hello")).rejects.toThrow(/is not needed any more/u);
    await until(() => host.log.some(({ message }) => message.includes("waiting")), "it waits");
    await agent.close?.();
    await refused;
  });
});
