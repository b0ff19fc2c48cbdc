import assert from "node:assert/strict";
import { defineCase } from "../case.ts";

/** Connecting, listening, and coming to an end. */
export const lifecycleCases = [
  defineCase("connect with an aborted signal is refused as aborted", async (stage) => {
    const life = stage.boot();
    const controller = new AbortController();
    controller.abort();
    const error = await stage.failed(life.platform.connect(life.host, controller.signal), "connect with an aborted signal");
    assert.equal(error.failure.kind, "aborted");
  }),
  defineCase("connect that is aborted on its way settles", async (stage) => {
    const life = stage.boot();
    const controller = new AbortController();
    const attempt = life.platform.connect(life.host, controller.signal).then(
      (connection) => connection.disconnect(),
      () => undefined,
    );
    controller.abort();
    await stage.within("connect settled once it was aborted", attempt);
  }),
  defineCase("disconnect may be called twice", async (stage) => {
    const life = await stage.connected();
    await stage.within("disconnect came back", life.disconnect());
    await stage.within("disconnect came back the second time", life.disconnect());
  }),
  defineCase("each connect makes a connection of its own", async (stage) => {
    const life = await stage.connected();
    const first = life.connection;
    const second = await life.connect();
    assert.notEqual(second, first, "the same connection was given twice");
    await life.disconnect(first);
    await life.say("still here");
    assert.equal((await stage.standing()).at(-1)?.text, "still here");
  }),
  defineCase("listen ends once, as requested, and never rejects", async (stage) => {
    const life = await stage.connected();
    if (life.connection.listen === undefined) return stage.declines("does not listen");
    await life.listen();
    assert.equal(life.ended, undefined, "listen ended by itself");
    await life.stop();
    assert.deepEqual(life.ended, { reason: "requested" });
  }),
  defineCase("listen with an aborted signal ends as requested", async (stage) => {
    const { connection } = await stage.connected();
    if (connection.listen === undefined) return stage.declines("does not listen");
    const controller = new AbortController();
    controller.abort();
    const ended = await stage.within("listen came back", connection.listen(controller.signal));
    assert.deepEqual(ended, { reason: "requested" });
  }),
  defineCase("it reports as often as it promises, also while nothing happens", async (stage) => {
    const life = await stage.listening();
    const { reportsEveryMs } = life.connection;
    if (reportsEveryMs === undefined) return stage.declines("does not promise to report");
    assert.ok(Number.isFinite(reportsEveryMs) && reportsEveryMs > 0, `it reports every ${reportsEveryMs} ms`);
    const reports = (): number => life.host.reports.filter((state) => state === "up").length;
    for (let round = 1; round <= 3; round += 1) {
      const before = reports();
      await stage.bench.timePasses?.(reportsEveryMs);
      await stage.clock.advance(reportsEveryMs);
      await stage.until(`It reported within ${reportsEveryMs} ms, round ${round}`, () => reports() > before);
    }
    assert.equal(life.ended, undefined, "listen ended");
  }),
  defineCase("nothing of it runs after it came back", async (stage) => {
    const life = await stage.listening();
    await stage.hear(life, { text: "before the end" });
    await life.stop();
    await life.disconnect();
    stage.door.receive = async () => new Response(null, { status: 503 });
    const [offers, reports] = [life.host.offers.length, life.host.reports.length];
    await stage.bench.people.says({ in: stage.place.chat, text: "after the end" });
    await stage.quiet();
    assert.equal(life.host.offers.length, offers, "events were offered after listen came back and disconnect was called");
    assert.equal(life.host.reports.length, reports, "something was reported after listen came back and disconnect was called");
    assert.equal(stage.clock.pending, 0, "a wake-up is still set");
    if (stage.bench.underWay !== undefined) assert.equal(stage.bench.underWay(), 0, "requests are still under way");
  }),
] as const;
