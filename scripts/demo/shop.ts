import { join } from 'node:path'
import { stringify } from 'yaml'

/** The repository of the demo. */
export const shop = 'acme/shop'

/** A test and a deployment such as a repository brings along. */
export const shopFiles: Record<string, string> = {
  'README.md': '# shop\n',
  'greeting.txt': 'Hello!\n',
  'script/test': `#!/bin/sh
set -eu
echo "greeting.txt has $(wc -c <greeting.txt) bytes"
test -s greeting.txt
`,
  'script/deploy': `#!/bin/sh
# Puts the greeting where visitors find it, at once or not at all.
set -eu
sleep "$WORK_SECONDS"
mkdir -p "$TARGET"
cp greeting.txt "$TARGET/.greeting.txt"
mv "$TARGET/.greeting.txt" "$TARGET/greeting.txt"
echo "$ENVIRONMENT says: $(cat "$TARGET/greeting.txt")"
`,
}

/** What `environment` tells its visitors, below the demo's directory. */
export function greetingOf(directory: string, environment: string): string {
  return join(directory, environment, 'greeting.txt')
}

/** The livraison.yml of the demo: a check on pull requests, merge when green, staging, then production. */
export function shopConfig(directory: string, workSeconds: string): string {
  const deploy = (environment: string) => ({
    run: 'script/deploy',
    env: { TARGET: join(directory, environment), WORK_SECONDS: workSeconds },
  })
  return stringify({
    repositories: {
      [shop]: {
        checks: [{ context: 'livraison/test', run: 'script/test' }],
        merge: { when: 'green', label: 'automerge' },
        environments: {
          staging: deploy('staging'),
          production: { after: 'staging', ...deploy('production') },
        },
      },
    },
  })
}
