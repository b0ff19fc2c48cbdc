import { badRequest } from "../api-error.ts";
import { imageOf } from "./image.ts";
import type { DecodedMessage, ImagePart } from "./request.ts";
import { fieldsOf, joinTexts, listOf, textOf } from "./shape.ts";

const maxParts = 1000;
const maxImages = 64;

/** What a message says: a text, or a list of parts. Nothing of it is passed over. */
export function contentOf(content: unknown, param: string): Pick<DecodedMessage, "text" | "images"> {
  if (typeof content === "string") return { text: textOf(content, param), images: [] };
  if (content === null || content === undefined)
    throw badRequest("invalid_type", `Expected \`${param}\` to be a string or a list of parts`, param);
  const parts = listOf(content, param, maxParts).map((part, index) => partOf(part, `${param}[${index}]`));
  const images = parts.flatMap((part) => (typeof part === "string" ? [] : [part]));
  if (images.length > maxImages)
    throw badRequest("too_many_images", `Expected \`${param}\` to have at most ${maxImages} images, got ${images.length}`, param);
  const texts = parts.filter((part) => typeof part === "string");
  return { text: joinTexts(texts, "\n", param), images };
}

function partOf(value: unknown, param: string): string | ImagePart {
  if (typeof value === "string") return textOf(value, param);
  const part = fieldsOf(value, param, "invalid_content_part");
  switch (part["type"]) {
    case "text":
    case "input_text":
    case "output_text":
      return textOf(part["text"], `${param}.text`);
    case "refusal":
      return textOf(part["refusal"], `${param}.refusal`);
    case "image_url": {
      const image = part["image_url"];
      return typeof image === "string"
        ? imageOf(image, `${param}.image_url`)
        : imageOf(fieldsOf(image, `${param}.image_url`, "invalid_image_url")["url"], `${param}.image_url.url`);
    }
    case "input_image":
      if (part["file_id"] !== undefined && part["file_id"] !== null) throw unsupported("images by `file_id`", param);
      return imageOf(part["image_url"], `${param}.image_url`);
    case "file":
    case "input_file":
      throw unsupported("files", param);
    case "input_audio":
      throw unsupported("audio", param);
    default:
      throw badRequest(
        "invalid_content_part",
        `Expected \`${param}\` to be of the type text, input_text, output_text, image_url or input_image`,
        param,
      );
  }
}

function unsupported(what: string, param: string) {
  return badRequest("unsupported_content_type", `This API takes text and images, no ${what}`, param);
}
