import type { CallToolResult } from '@modelcontextprotocol/client';
import type { ToolImage, ToolResult } from '../../kit/index.js';

/** Characters of text a model gets to read from one call. */
export const LONGEST_TEXT = 256 << 10;
const MOST_IMAGES = 8;
/** Characters of base64, about 5 MiB of image. */
const LARGEST_IMAGE = 7 << 20;
/** What models that can see understand. */
const IMAGE_TYPES = /^image\/(png|jpeg|gif|webp)$/;

type Part = CallToolResult['content'][number];

/**
 * What a tool said, for a model: texts joined, images apart, a short note for every other part. Structured content is
 * the text when there is none; servers that send both say the same twice.
 */
export function toolResult({ content, structuredContent, isError }: CallToolResult): ToolResult {
  const images: ToolImage[] = [];
  const texts = (content ?? []).map((part) => partText(part, images)).filter((text) => text !== '');
  const text = texts.length > 0 || structuredContent === undefined ? texts.join('') : JSON.stringify(structuredContent);
  return {
    text: cut(text),
    ...(isError ? { isError: true } : {}),
    ...(images.length > 0 ? { images } : {}),
  };
}

function partText(part: Part, images: ToolImage[]): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image': {
      const withheld = whyWithheld(part, images.length);
      if (!withheld) images.push({ mimeType: part.mimeType, data: part.data });
      return `[image ${part.mimeType}${withheld ? `, left out: ${withheld}` : ''}]`;
    }
    case 'audio':
      return `[audio ${part.mimeType}, left out]`;
    case 'resource':
      return 'text' in part.resource ? part.resource.text : `[resource ${part.resource.uri}, left out: not text]`;
    case 'resource_link':
      return `[resource ${part.uri}]`;
    default:
      return `[part of type ${String((part as { type?: unknown }).type)}, left out]`;
  }
}

function whyWithheld({ mimeType, data }: { mimeType: string; data: string }, before: number): string | undefined {
  if (!IMAGE_TYPES.test(mimeType)) return 'no type that models see';
  if (data.length > LARGEST_IMAGE) return 'larger than 5 MiB';
  return before >= MOST_IMAGES ? `more than ${MOST_IMAGES} images` : undefined;
}

function cut(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  return `${text.slice(0, LONGEST_TEXT)}\n[cut: ${text.length - LONGEST_TEXT} more characters]`;
}
