/** The Kubernetes version whose behaviour the embedded server follows; clients compare it with their own. */
const KUBERNETES = { major: '1', minor: '35' };

/** `GET /version`. `release` is the version of this project. */
export function serverVersion(release: string): object {
  return {
    ...KUBERNETES,
    gitVersion: `v${KUBERNETES.major}.${KUBERNETES.minor}.0+nest-ark.${release}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'node',
    platform: `${process.platform}/${process.arch}`,
  };
}
