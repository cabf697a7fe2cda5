/** What older versions of GitHub Enterprise Server do not have. All of it is pure. */

/** Something that we use and an older Enterprise Server has not. */
export interface Feature {
  name: 'rulesets' | 'deliveries' | 'merge-queue' | 'api-versions'
  /** A version that is known to have it. */
  presentIn: [major: number, minor: number]
  /** The address that it takes, with or without values for its names. */
  route?: RegExp
  /** What is so without it. */
  without: string
}

const features: Feature[] = [
  {
    // https://docs.github.com/enterprise-server@3.11/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets
    ...{ name: 'rulesets', presentIn: [3, 11], route: /\/repos\/[^/]+\/[^/]+\/rules\/branches\// },
    without:
      'it has no rulesets: only the protection of branches says what a pull request needs to be merged',
  },
  {
    // https://docs.github.com/en/enterprise-server@3.5/rest/webhooks/repo-deliveries
    ...{ name: 'deliveries', presentIn: [3, 5], route: /\/repos\/[^/]+\/[^/]+\/hooks\/[^/]+\/deliveries/ },
    without:
      'it does not tell of the deliveries of webhooks: what was missed is found by merges and deployments, and nothing is sent again',
  },
  {
    // The API's description for 3.17 knows it (https://github.com/octokit/openapi); when it came, none says.
    ...{ name: 'merge-queue', presentIn: [3, 17] },
    without: 'it may have no merge queue: then nothing comes from one',
  },
  {
    // https://docs.github.com/en/enterprise-server@3.5/rest/enterprise-admin says that 3.9 is the first
    ...{ name: 'api-versions', presentIn: [3, 9] },
    without: 'its API has no versions: it is asked without one',
  },
]

type Headers = Record<string, string | number | undefined>

/** The version of Enterprise Server that an answer is from; undefined: it is GitHub.com or ghe.com. */
export function enterpriseVersion(headers: Headers): string | undefined {
  const version = headers['x-github-enterprise-version']
  return version === undefined ? undefined : String(version)
}

/**
 * The feature whose absence a refusal means: only Enterprise Server answers so for that, and only before a version that has it.
 * At others, what was asked about is what is not there.
 */
export function missingFeature(route: string, status: number, headers: Headers): Feature | undefined {
  const version = enterpriseVersion(headers)
  if (version === undefined || ![404, 410, 422].includes(status)) return undefined
  return features.find((feature) => feature.route?.test(route) && isBefore(version, feature.presentIn))
}

/** What a version of Enterprise Server may not have. */
export function featuresMissingIn(version: string): Feature[] {
  return features.filter(({ presentIn }) => isBefore(version, presentIn))
}

function isBefore(version: string, [major, minor]: [number, number]): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number)
  return a < major || (a === major && b < minor)
}
