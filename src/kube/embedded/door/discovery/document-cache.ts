import { createHash } from 'node:crypto';
import type { Catalogue } from '../../catalogue.js';
import type { Answer } from '../http/answer.js';

interface Document {
  body: string | Buffer;
  hash: string;
}

/** Documents made from the catalogue, as JSON or bytes: each is made once per revision of it and carries an ETag. */
export class DocumentCache {
  private revision = -1;
  private readonly documents = new Map<string, Document>();

  constructor(private readonly catalogue: Catalogue) {}

  /** The answer with a document, or 304 when the client has it already. */
  answer(
    name: string,
    make: () => object | Buffer,
    options: { ifNoneMatch?: string; contentType?: string; cacheControl?: string } = {},
  ): Answer {
    const { body, hash } = this.document(name, make);
    const { ifNoneMatch, contentType = 'application/json', cacheControl = 'public' } = options;
    const headers = { etag: `"${hash}"`, vary: 'Accept', 'cache-control': cacheControl };
    const known = ifNoneMatch?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${hash}"`);
    return known ? { code: 304, contentType, body: '', headers } : { code: 200, contentType, body, headers };
  }

  hash(name: string, make: () => object | Buffer): string {
    return this.document(name, make).hash;
  }

  private document(name: string, make: () => object | Buffer): Document {
    const revision = this.catalogue.revision();
    if (revision !== this.revision) {
      this.documents.clear();
      this.revision = revision;
    }
    let document = this.documents.get(name);
    if (!document) {
      const made = make();
      const body = Buffer.isBuffer(made) ? made : JSON.stringify(made);
      document = { body, hash: createHash('sha256').update(body).digest('hex').toUpperCase() };
      this.documents.set(name, document);
    }
    return document;
  }
}
