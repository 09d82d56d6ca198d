import { invalid, jsonWriter, renderTemplate, type TemplateWriter } from 'nest-ark';

/** A body and the type it has when the manifest names none. */
export interface RequestBody {
  text: string;
  contentType?: string;
}

/**
 * Fills the body's template with `input` (the arguments) and the body parameters. What a value may contain depends on
 * what the body is: in JSON and in forms it is escaped, so that an argument stays one value.
 *
 * @param contentType of the manifest; without it a template that looks like JSON is JSON
 * @throws `Invalid` when the template cannot be read or a JSON body is not JSON in the end
 */
export function fillBody(
  template: string,
  args: Record<string, unknown>,
  parameters: Record<string, string>,
  contentType?: string,
): RequestBody {
  const values = { ...parameters, input: args };
  const json =
    contentType === undefined ? /^\s*([[{](?!\{)|\{\{\s*json\s)/.test(template) : /[/+]json\b/i.test(contentType);
  if (json) return { text: checked(renderTemplate(template, values, jsonWriter())), contentType: 'application/json' };
  const form = /x-www-form-urlencoded/i.test(contentType ?? '');
  return { text: renderTemplate(template, values, form ? FORM : TEXT) };
}

const text = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');

const TEXT: TemplateWriter = { text: (literal) => literal, value: text };
const FORM: TemplateWriter = {
  text: (literal) => literal,
  value: (value) => encodeURIComponent(text(value).toWellFormed()),
};

function checked(body: string): string {
  try {
    JSON.parse(body);
    return body;
  } catch {
    throw invalid('with these arguments the body of the request is not JSON: check spec.http.body of the tool');
  }
}
