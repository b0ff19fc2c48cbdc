import { writeSync } from "node:fs";
import { createBench } from "../bench.ts";

// Asks a configured model, one of each kind of provider with a key, and each without one; the environment is full of others' keys.
const [baseUrl = ""] = process.argv.slice(2);
const provider = { baseUrl, apiKey: "key" };
await using bench = createBench({ configuration: { model: "test:model", providers: { test: provider } } });
const told: Record<string, unknown> = { answer: (await bench.says("hello")).text };
for (const name of ["openai", "anthropic", "google"]) {
  await using bare = createBench({ configuration: { model: `${name}:model` } });
  told[name] = (await bare.says("hello")).notices;
  const model = name === "google" ? "gemini" : "model";
  await using keyed = createBench({ configuration: { model: `${name}:${model}`, providers: { [name]: provider } } });
  await keyed.says("hello");
}
writeSync(1, JSON.stringify(told));
