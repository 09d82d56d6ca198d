import type { Catalogue } from '../../catalogue.js';
import { unknownResource } from '../../errors/refusals.js';
import { discoveryVersion, OPENAPI_V2_PROTOBUF, openApiV2Form } from '../http/accept.js';
import type { Answer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import { documentName, openApiDocument, openApiIndex } from '../openapi/openapi-v3.js';
import { openApiV2Document } from '../openapi/v2-document.js';
import { openApiV2Protobuf } from '../openapi/v2-protobuf.js';
import { aggregatedContentType, aggregatedDiscovery } from './aggregated-discovery.js';
import { type ApiGroup, apiGroups } from './api-groups.js';
import { DocumentCache } from './document-cache.js';
import { apiVersions, groupDocument, groupList, resourceList, rootPaths } from './plain-discovery.js';

/** A year: the address of a document changes with its content. */
const FOR_EVER = 'public, max-age=31536000';

/** What tells clients what there is: discovery and OpenAPI, made from the catalogue and kept per revision of it. */
export class DiscoveryRoutes {
  private readonly cache: DocumentCache;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly address: string,
    private readonly version: string,
  ) {
    this.cache = new DocumentCache(catalogue);
  }

  /** The answer to a discovery path, or undefined when the path is none. */
  handle(request: DoorRequest): Answer | undefined {
    const [root, ...rest] = request.segments;
    if (request.path === '/') return this.answer('', () => rootPaths(this.groups()), request);
    if (root === 'api' && rest.length === 0) return this.root(request, true);
    if (root === 'apis' && rest.length === 0) return this.root(request, false);
    if (root === 'api' && rest.length === 1) return this.resources('', rest[0]!, request);
    if (root === 'apis' && rest.length === 1) return this.group(rest[0]!, request);
    if (root === 'apis' && rest.length === 2) return this.resources(rest[0]!, rest[1]!, request);
    if (root === 'openapi' && rest[0] === 'v2' && rest.length === 1) return this.openApiV2(request);
    if (root === 'openapi' && rest[0] === 'v3') return this.openApi(rest.slice(1).join('/'), request);
    return undefined;
  }

  private root(request: DoorRequest, core: boolean): Answer {
    const version = discoveryVersion(request.header('accept'));
    if (version) {
      const contentType = aggregatedContentType(version);
      const make = () =>
        aggregatedDiscovery(
          this.groups().filter((group) => (group.name === '') === core),
          version,
        );
      return this.answer(`${core} ${version}`, make, request, { contentType });
    }
    if (core) return this.answer('api', () => apiVersions(this.address), request);
    return this.answer('apis', () => groupList(this.groups()), request);
  }

  private group(name: string, request: DoorRequest): Answer {
    const group = this.groups().find((each) => each.name === name);
    if (!group) throw unknownResource();
    return this.answer(`apis/${name}`, () => groupDocument(group), request);
  }

  private resources(group: string, version: string, request: DoorRequest): Answer {
    const kinds = this.kindsOf(group, version);
    return this.answer(`${group}/${version}`, () => resourceList(group, version, kinds), request);
  }

  private openApi(name: string, request: DoorRequest): Answer {
    if (name === '') return this.answer('openapi/v3', () => openApiIndex(this.documents()), request);
    const [root, group = '', version = ''] = name.split('/');
    const kinds = root === 'api' ? this.kindsOf('', group) : this.kindsOf(group, version);
    const cacheControl = request.query.text('hash') ? FOR_EVER : undefined;
    return this.answer(`openapi/v3/${name}`, () => openApiDocument(kinds, this.version), request, { cacheControl });
  }

  /** One document of everything; kubectl wants it as protobuf. */
  private openApiV2(request: DoorRequest): Answer {
    const document = () => openApiV2Document(this.catalogue.kinds(), this.version);
    if (openApiV2Form(request.header('accept')) === 'json') return this.answer('openapi/v2', document, request);
    const make = () => openApiV2Protobuf(document());
    return this.answer('openapi/v2 protobuf', make, request, { contentType: OPENAPI_V2_PROTOBUF });
  }

  private documents(): { name: string; hash: string }[] {
    return this.groups().flatMap(({ name: group, versions }) =>
      versions.map(({ version, kinds }) => {
        const name = documentName({ group, version });
        return { name, hash: this.cache.hash(`openapi/v3/${name}`, () => openApiDocument(kinds, this.version)) };
      }),
    );
  }

  private answer(
    name: string,
    make: () => object | Buffer,
    request: DoorRequest,
    options: { contentType?: string; cacheControl?: string } = {},
  ): Answer {
    return this.cache.answer(name, make, { ...options, ifNoneMatch: request.header('if-none-match') });
  }

  private kindsOf(group: string, version: string) {
    const kinds = this.catalogue.kinds().filter(({ type }) => type.group === group && type.version === version);
    if (kinds.length === 0) throw unknownResource();
    return kinds;
  }

  private groups(): ApiGroup[] {
    return apiGroups(this.catalogue);
  }
}
