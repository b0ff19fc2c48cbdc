import OpenAI, { toFile } from "openai";
import { expect, it, onTestFinished } from "vitest";
import { voiceNote } from "./sounds.ts";
import { apiKey, startMediaServer, type MediaServer } from "./server.ts";

async function start(): Promise<{ readonly server: MediaServer; readonly client: (key?: string) => OpenAI }> {
  const server = await startMediaServer();
  onTestFinished(() => server.close());
  return { server, client: (key = apiKey) => new OpenAI({ apiKey: key, baseURL: server.baseUrl, maxRetries: 0 }) };
}

it("The server takes recordings and pictures from OpenAI's own client", async () => {
  const { server, client } = await start();
  const file = await toFile(voiceNote(3), "note.ogg", { type: "audio/ogg" });
  const transcription = await client().audio.transcriptions.create({ file, model: "whisper-1", language: "en" });
  expect(transcription.text).toBe("Hello there.");
  expect(server.heard[0]).toMatchObject({ name: "note.ogg", model: "whisper-1", language: "en" });
  const completion = await client().chat.completions.create({
    model: "gpt-4o-mini",
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
        ],
      },
    ],
  });
  expect(completion.choices[0]?.message.content).toBe("A cat on a chair.");
});

it("The server refuses a wrong key, an unknown format, an empty file and one above 25 MB", async () => {
  const { server, client } = await start();
  const says = async (name: string, bytes: Uint8Array, key?: string): Promise<unknown> =>
    await client(key)
      .audio.transcriptions.create({ file: await toFile(bytes, name), model: "whisper-1" })
      .then(
        () => 200,
        (error: unknown) => (error instanceof OpenAI.APIError ? (error.status as unknown) : error),
      );
  expect(await says("note.ogg", voiceNote(1), "sk-wrong")).toBe(401);
  expect(await says("note.txt", voiceNote(1))).toBe(400);
  expect(await says("note.ogg", new Uint8Array())).toBe(400);
  expect(await says("note.ogg", new Uint8Array(25 * 1024 * 1024 + 1))).toBe(413);
  expect(server.heard).toEqual([]);
});
