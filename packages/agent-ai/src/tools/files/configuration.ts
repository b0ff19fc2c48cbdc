import { z } from "zod";

/** How the files set is configured. */
export const filesSchema = z.strictObject({
  denied: z
    .array(z.string().regex(/^[^/]+$/u, "Expected a pattern for one name, such as *.pem"))
    .optional()
    .describe("Names of files and folders that are neither read nor written, besides those that commonly hold secrets."),
});

export type FilesConfiguration = z.output<typeof filesSchema>;
