import { Controller, Get, Header } from '@nestjs/common';
import { OpenToAll } from '../../machinery/http/route-access.js';
import { PushSignature } from './push-signature.js';

/** The key that signatures of push notifications are checked with. */
@Controller('.well-known')
export class KeySetController {
  constructor(private readonly signature: PushSignature) {}

  /** A JSON Web Key Set, e.g. `{"keys":[{"kty":"EC","crv":"P-256","x":"…","y":"…","kid":"…","alg":"ES256","use":"sig"}]}`. */
  @Get('jwks.json')
  @OpenToAll()
  @Header('cache-control', 'public, max-age=300')
  keySet(): Promise<object> {
    return this.signature.keySet();
  }
}
