import type { ConfigurationSchema } from "./manifest.ts";

/**
 * Options of a factory, as its platform's own schema makes them. `name` is the platform's, as people write it.
 *
 * @throws TypeError for options that cannot work, saying which and why.
 */
export function checkOptions<Output>(schema: ConfigurationSchema<Output>, options: unknown, name: string): Output {
  const result = schema["~standard"].validate(options);
  if (result instanceof Promise) throw new TypeError(`The schema of ${name}'s options asks for time: a factory has none`);
  if (result.issues === undefined) return result.value;
  const found = result.issues.map(({ path = [], message }) => {
    const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
    return keys.length === 0 ? message : `\`${keys.join(".")}\`: ${message}`;
  });
  throw new TypeError(`These ${name} options cannot work. ${found.join("; ")}`);
}
