import { expect, it } from "vitest";
import { voiceNote } from "../../../../packages/media/test/sounds.ts";
import { stop } from "../serve.ts";
import { mediaHouse } from "./house.ts";

const note = { name: "voice.oga", mimeType: "audio/ogg", bytes: voiceNote(5) };
const webp = Buffer.concat([Buffer.from("RIFF\u0010\u0000\u0000\u0000WEBPVP8 bear", "latin1")]);
const key = "${SPEECH_KEY}";

it("A voice note is heard, a document is read, and a sticker is described once, also after a restart", async () => {
  const { api, model, media, told, serve } = await mediaHouse(
    (baseUrl) => ({
      transcription: { baseUrl, apiKey: key, model: "whisper-1" },
      images: { describe: { baseUrl, apiKey: key, model: "seer" } },
    }),
    { hears: () => ({ text: "Bring milk." }), sees: () => "A waving bear." },
  );
  const first = await serve();
  api.sayFile("voice", note);
  await model.untilRequests(1);
  expect(told()).toContain(JSON.stringify('[voice message, 5 s] "Bring milk."').slice(1, -1));
  api.sayFile("document", { name: "list.csv", mimeType: "text/csv", bytes: Buffer.from("milk,2\neggs,6\n") });
  await model.untilRequests(2);
  expect(told()).toContain(String.raw`[file \"list.csv\", 14 bytes: its text stands`);
  expect(told()).toContain(String.raw`\n${"```"}\nmilk,2\neggs,6\n${"```"}`);
  const bear = { name: "bear.webp", mimeType: "image/webp", bytes: webp };
  const { sticker } = api.sayFile("sticker", bear);
  await model.untilRequests(3);
  expect(told()).toContain(String.raw`as a model describes it] \"A waving bear.\"`);
  await stop(first);
  const second = await serve();
  api.say("", { extra: { text: undefined, sticker } });
  await model.untilRequests(4);
  api.sayFile("voice", note);
  await model.untilRequests(5);
  expect(told().match(/A waving bear\./gu)).toHaveLength(2);
  expect(told().match(/Bring milk\./gu)).toHaveLength(2);
  expect([media.heard.length, media.seen.length]).toEqual([1, 1]);
  await stop(second);
  expect(first.errors() + second.errors()).not.toContain("sk-for-tests");
  expect(api.violations).toEqual([]);
});

it("Without a word of configuration documents are read, and voice reaches the agent as it is", async () => {
  const { api, model, media, told, serve } = await mediaHouse(() => undefined);
  const hermes = await serve();
  api.sayFile("document", { name: "a.txt", mimeType: "text/plain", bytes: Buffer.from("hello") });
  await model.untilRequests(1);
  expect(told()).toContain(String.raw`\n${"```"}\nhello\n${"```"}`);
  api.sayFile("voice", note);
  await model.untilRequests(2);
  expect(told()).toContain("(Attached: voice");
  expect(told()).not.toContain("[voice message");
  expect(media.http.log).toEqual([]);
  await stop(hermes);
});

it("A process that is killed while its model thinks is followed by one that pays for no transcript again", async () => {
  const { api, model, media, told, serve } = await mediaHouse((baseUrl) => ({
    transcription: { baseUrl, apiKey: key, model: "whisper-1" },
  }));
  model.next({ text: ["never"], after: new Promise(() => undefined) });
  const first = await serve();
  api.sayFile("voice", note);
  await model.untilRequests(1);
  first.process.kill("SIGKILL");
  await first.ended();
  const second = await serve();
  await model.untilRequests(2);
  expect(told()).toContain(String.raw`[voice message, 5 s] \"Hello there.\"`);
  expect(media.heard).toHaveLength(1);
  await stop(second);
});

it("A process that is stopped while a voice note is transcribed leaves it to the next one, which answers it once", async () => {
  const { api, model, media, told, serve } = await mediaHouse((baseUrl) => ({
    transcription: { baseUrl, apiKey: key, model: "whisper-1" },
  }));
  media.http.fail("transcribe", { type: "hang", acted: false });
  const first = await serve();
  api.sayFile("voice", note);
  await media.http.until(() => media.http.requestsOf("transcribe").length === 1);
  // The second signal does not wait for answers that run.
  first.process.kill("SIGTERM");
  await first.errorLine(/stop/iu);
  first.process.kill("SIGTERM");
  await first.ended();
  expect(model.requests).toHaveLength(0);
  const second = await serve();
  await model.untilRequests(1);
  expect(told()).toContain(String.raw`[voice message, 5 s] \"Hello there.\"`);
  await stop(second);
});
