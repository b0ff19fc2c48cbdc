import { randomUUID } from "node:crypto";
import type { OutboundFile } from "@hermes/core";
import { bytesOfFile, mimeTypeOf, type UploadBody } from "./upload-body.ts";

/** A part of a form that is written out. */
export interface FormText {
  readonly name: string;
  readonly text: string;
  /** Default: none is said. */
  readonly contentType?: string;
}

/** A part of a form that is a file. */
export interface FormFile {
  readonly name: string;
  readonly file: OutboundFile;
}

/** Texts, then files, as `multipart/form-data`. Names of parts are the caller's own, never anybody else's text. */
export function multipart(texts: readonly FormText[], files: readonly FormFile[]): UploadBody {
  const boundary = `----hermes-${randomUUID()}`;
  const start = bytesOf(texts.map((part) => textPart(boundary, part)).join(""));
  const parts = files.map((part) => ({ head: bytesOf(fileHead(boundary, part)), file: part.file }));
  const lineEnd = bytesOf("\r\n");
  const end = bytesOf(`--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    sizeBytes: parts.reduce(
      (sum, { head, file }) => sum + head.length + file.sizeBytes + lineEnd.length,
      start.length + end.length,
    ),
    async *chunks(signal) {
      yield start;
      for (const { head, file } of parts) {
        yield head;
        yield* bytesOfFile(file, signal);
        yield lineEnd;
      }
      yield end;
    },
  };
}

/** The name under which a file goes out. What could end a header or its quotes early is replaced: a name is a model's or a stranger's text. */
export function fileNameFor({ name }: Pick<OutboundFile, "name">): string {
  const clean = name.toWellFormed().replace(/[\p{Cc}"\\/]/gu, "_");
  return clean.slice(-maxNameLength).toWellFormed() || "file";
}

const maxNameLength = 200;

function textPart(boundary: string, { name, text, contentType }: FormText): string {
  const type = contentType === undefined ? "" : `content-type: ${contentType}\r\n`;
  return `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n${type}\r\n${text}\r\n`;
}

function fileHead(boundary: string, { name, file }: FormFile): string {
  const disposition = `form-data; name="${name}"; filename="${fileNameFor(file)}"`;
  return `--${boundary}\r\ncontent-disposition: ${disposition}\r\ncontent-type: ${mimeTypeOf(file)}\r\n\r\n`;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
