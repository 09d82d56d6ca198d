import { getMetadataStorage } from 'class-validator';
import { type ExtensionMark, extensionMark, invalid, KIT_INSTANCE, KIT_VERSION } from '../../kit/index.js';
import type { Extension } from './extension.js';
import type { ExtensionFile } from './extension-files.js';

/** The one extension class of a loaded file. Errors: `Invalid` that names the file and what to change. */
export function extensionOf(file: ExtensionFile, exports: object): Pick<Extension, 'mark' | 'target'> {
  const marked = [...new Set(Object.values(exports))].flatMap((value) => {
    const mark = extensionMark(value);
    return mark ? [{ mark, target: value as Extension['target'] }] : [];
  });
  const [only] = marked;
  if (!only) {
    throw refuse(file, `exports no class marked as ${file.point}. Mark it with the decorator from 'nest-ark'.`);
  }
  if (marked.length > 1) {
    const names = marked.map(({ mark }) => `${mark.point} '${mark.name}'`).join(' and ');
    throw refuse(file, `exports ${names}. Move each into a file of its own.`);
  }
  checkMark(file, only.mark);
  checkOptions(file, only.mark);
  return only;
}

/** Errors: `Invalid` naming both files when two extensions of one point share a name. */
export function refuseNamesakes(extensions: readonly Extension[]): void {
  const seen = new Map<string, Extension>();
  for (const extension of extensions) {
    const id = `${extension.mark.point} '${extension.mark.name}'`;
    const first = seen.get(id);
    if (first)
      throw invalid(`There are two extensions ${id}: ${first.file} and ${extension.file}. Rename one of them.`);
    seen.set(id, extension);
  }
}

function checkMark(file: ExtensionFile, mark: ExtensionMark): void {
  if (mark.kit !== KIT_VERSION) {
    throw refuse(file, `was built for version ${mark.kit} of the kit; this is version ${KIT_VERSION}. Rebuild it.`);
  }
  if (mark.instance !== KIT_INSTANCE) {
    throw refuse(file, `brings its own copy of 'nest-ark'. Leave 'nest-ark' out of the bundle (mark it as external).`);
  }
  if (mark.point !== file.point) {
    throw refuse(file, `holds ${mark.point} '${mark.name}'. Name the file ${mark.name}.${mark.point}.`);
  }
  if (mark.name !== file.stem) {
    throw refuse(file, `holds ${mark.point} '${mark.name}': name and file must agree. Rename one of them.`);
  }
}

/** An options class without a single decorated field would accept nothing and promise nothing. */
function checkOptions(file: ExtensionFile, mark: ExtensionMark): void {
  const options = (mark.options as { options?: unknown }).options;
  if (typeof options !== 'function') return;
  if (getMetadataStorage().getTargetValidationMetadatas(options, '', false, false).length > 0) return;
  throw refuse(file, `declares options class ${options.name} whose fields carry no class-validator decorators.`);
}

function refuse(file: ExtensionFile, sentence: string) {
  return invalid(`Extension file ${file.path} ${sentence}`, { reason: 'ExtensionRefused' });
}
