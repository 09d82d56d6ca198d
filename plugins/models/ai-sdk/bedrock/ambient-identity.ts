import { denied, errorText } from 'nest-ark';

/** A bearer key, or keys to sign with. */
export type AmazonKeys = { apiKey: string } | { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/**
 * Who this process is to Amazon: the bearer key of its environment, else what Amazon's own tools would find, in their
 * order: variables, profiles, the role of the service account, of the container, of the machine.
 */
export class AmbientIdentity {
  private chain?: Promise<() => Promise<AmazonKeys>>;

  /**
   * Keys that are valid now; the chain keeps and renews them.
   *
   * @param subject names the model in messages
   * @throws Denied when this process is nobody there
   */
  async keys(subject: string): Promise<AmazonKeys> {
    const bearer = process.env.AWS_BEARER_TOKEN_BEDROCK?.trim();
    if (bearer) return { apiKey: bearer };
    this.chain ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) => defaultProvider());
    try {
      // An empty bearer key keeps the SDK from looking for one again.
      return { apiKey: '', ...(await (await this.chain)()) };
    } catch (error) {
      const next = 'write apiKey, or accessKeyId and secretAccessKey, or give the runtime an identity at Amazon';
      throw denied(`${subject}: ${next} (${errorText(error)})`, { reason: 'NoCredentials' });
    }
  }
}
